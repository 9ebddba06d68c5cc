// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.BootOutcome;
import dev.sealift.boot.PowerCut;
import dev.sealift.boot.Slot;
import dev.sealift.image.Image;
import dev.sealift.update.UpdateMaterial;
import dev.sealift.update.UpdateResult;
import dev.sealift.update.Wanted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PowerDiceTest {
  private static final Workshop WORKSHOP = new Workshop();
  private static final Image OLD = WORKSHOP.image(0, 9000);
  private static final Image NEW = WORKSHOP.image(1, 12000);

  private static final UpdateMaterial MATERIAL = WORKSHOP.material(NEW, 1);

  private record Story(List<DeviceEvent> events, Optional<Image> running) {}

  @Test
  void the_same_dice_cut_at_the_same_operations() {
    List<List<PowerCut>> runs =
        Stream.of(7, 7, 8)
            .map(
                seed -> {
                  PowerDice dice = new PowerDice(new SplittableRandom(seed));
                  return Stream.generate(() -> dice.next().orElseThrow()).limit(50).toList();
                })
            .toList();
    assertThat(runs.get(0)).isEqualTo(runs.get(1)).isNotEqualTo(runs.get(2));
    assertThat(runs.get(0)).extracting(PowerCut::moment).contains(PowerCut.Moment.values());
    assertThat(runs.get(0)).extracting(PowerCut::operation).allMatch(each -> each < 512);
  }

  @Test
  void a_device_whose_power_fails_again_and_again_is_updated_all_the_same() {
    int cuts = 0;
    for (int seed = 0; seed < 12; seed++) {
      Story story = update(seed);
      assertThat(story.running().map(Image::version)).as("seed " + seed).contains(NEW.version());
      cuts +=
          (int)
              story.events().stream()
                  .filter(event -> event instanceof DeviceEvent.PowerFailed)
                  .count();
      for (DeviceEvent event : story.events()) {
        if (event instanceof DeviceEvent.Started(var result, var use)) {
          assertThat(result.outcome())
              .isInstanceOfAny(BootOutcome.Booted.class, BootOutcome.PowerLost.class);
          assertThat(use.operations()).isNotNegative();
        }
      }
    }
    assertThat(cuts).isGreaterThan(15);
  }

  @Test
  void the_same_seed_tells_the_same_story() {
    assertThat(update(3)).isEqualTo(update(3));
  }

  /// The person with the laptop tries until it is done.
  private static Story update(int seed) {
    List<DeviceEvent> events = new ArrayList<>();
    VirtualDevice device =
        VirtualDevice.of(WORKSHOP.setup(Optional.of(WORKSHOP.root)), Workshop.REAL);
    device.flash().lay(0, OLD.write());
    device.observe(events::add);
    device.powerBy(new PowerDice(new SplittableRandom(seed)));
    device.powerOn();
    boolean done = false;
    for (int attempt = 0; attempt < 60 && !done; attempt++) {
      try {
        done =
            Workshop.update(device, MATERIAL, Wanted.Ending.CONFIRMED)
                instanceof UpdateResult.Reached;
      } catch (IOException _) {
        // The device fell silent; it starts again by itself.
      }
    }
    assertThat(done).as("seed " + seed).isTrue();
    return new Story(events, device.image(Slot.PRIMARY));
  }
}
