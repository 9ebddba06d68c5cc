// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.attacks.Attack.Goal;
import dev.sealift.attacks.Attack.Honest;
import dev.sealift.attacks.Attack.Program;
import dev.sealift.attacks.Attack.Strike;
import dev.sealift.attacks.AttackWorld.Edition;
import dev.sealift.attacks.Guard.OfAgent;
import dev.sealift.attacks.Guard.OfBootloader;
import dev.sealift.boot.ImageRefusal;
import dev.sealift.bytes.Bytes;
import dev.sealift.permit.Check;
import dev.sealift.permit.Refusal;
import dev.sealift.update.Wanted.Ending;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// The rows of the threat model that can be run, in its order.
public final class Attacks {
  private static final Guard PERMIT_REQUIRED = new OfAgent(Check.PERMIT_REQUIRED);
  private static final Guard SIGNATURE = new OfAgent(Check.SIGNATURE);
  private static final Guard THRESHOLD = new OfAgent(Check.THRESHOLD);
  private static final Guard SEQUENCE = new OfAgent(Check.SEQUENCE);
  private static final Guard SIZE = new OfAgent(Check.SIZE);
  private static final Guard BLOCK_DIGEST = new OfAgent(Check.BLOCK_DIGEST);
  private static final Guard IMAGE_DIGEST = new OfAgent(Check.IMAGE_DIGEST);

  private static final Honest NEWER_CONFIRMED =
      scene -> scene.updated(scene.world().honest(), Ending.CONFIRMED);

  /// The bootloader raises its counter at the first start after the confirmation.
  private static final Honest NEWER_CONFIRMED_AND_RESTARTED =
      scene -> {
        NEWER_CONFIRMED.happen(scene);
        scene.restart();
      };

  public static final List<Attack> ALL =
      List.of(
          new Attack(
              "T01a",
              "T01",
              "anyone in radio range",
              "uploads an image that they signed themselves, without any bundle",
              List.of(PERMIT_REQUIRED),
              new Outcome.RefusedWith(Refusal.R18),
              inSlot("the stranger's image", world -> world.foreign().file()),
              Program.of(
                  scene -> List.of(scene.stranger().upload(scene.world().foreign().file())))),
          new Attack(
              "T01b",
              "T01",
              "anyone in radio range",
              "brings a bundle for it that they signed themselves, and uploads the image",
              List.of(SIGNATURE),
              new Outcome.RefusedWith(Refusal.R3),
              inSlot("the stranger's image", world -> world.foreign().file()),
              Program.of(deliver(AttackWorld::foreign))),
          new Attack(
              "T01c",
              "T01",
              "anyone with a programmer's cable",
              "writes their image into the slot past the agent, marks it and restarts the device",
              List.of(OfBootloader.IMAGE_SIGNATURE),
              new Outcome.RefusedAtBoot(ImageRefusal.SIGNATURE_MISSING),
              runs("the stranger's image", AttackWorld::foreign),
              Program.of(scene -> List.of(scene.restart()))
                  .with((world, cable) -> cable.installMarked(world.foreign().file()))),
          new Attack(
              "T03a",
              "T03",
              "a peer with a genuine permit",
              "sends noise of the right size under it, to wear the flash and waste hours",
              List.of(BLOCK_DIGEST),
              new Outcome.RefusedWith(Refusal.R20),
              inSlot("the noise", AttackWorld::garbage),
              Program.of(scene -> List.of(scene.stranger().upload(scene.world().garbage())))
                  .after(Attacks::genuinePermit)),
          new Attack(
              "T03b",
              "T03",
              "a peer with a genuine permit",
              "uploads their own image under it, of exactly the permitted size, and starts it",
              List.of(BLOCK_DIGEST, IMAGE_DIGEST, OfBootloader.IMAGE_SIGNATURE),
              new Outcome.RefusedWith(Refusal.R20),
              runs("the stranger's image", AttackWorld::lookalike),
              Program.of(uploadAndStart(AttackWorld::lookalike)).after(Attacks::genuinePermit)),
          new Attack(
              "T05a",
              "T05",
              "a distributor or peer with a genuine release",
              "sends its image with a tail of 1 KiB behind it, and marks it",
              List.of(SIZE, BLOCK_DIGEST, IMAGE_DIGEST),
              new Outcome.RefusedWith(Refusal.R19),
              markedTail(),
              Program.of(
                      scene -> {
                        Edition honest = scene.world().honest();
                        Attacker stranger = scene.stranger();
                        return List.of(
                            stranger.upload(honest.file().plus(scene.world().tail())),
                            stranger.mark(honest.hash()));
                      })
                  .after(Attacks::genuinePermit)),
          new Attack(
              "T05b",
              "T05",
              "a distributor with a programmer's cable",
              "leaves a tail of 1 KiB in the slot, where the next image will end",
              List.of(),
              new Outcome.Harmless(),
              markedTail(),
              Program.of(
                      scene -> {
                        scene.updated(scene.world().honest(), Ending.MARKED);
                        return List.of(
                            new Encounter(
                                "upload and mark the honest release", new Reaction.Taken()));
                      })
                  .with((world, cable) -> cable.lay(world.honest().file().size(), world.tail()))),
          new Attack(
              "T05c",
              "T05",
              "a distributor with a programmer's cable",
              "lays the tail behind an image that is uploaded and not marked yet",
              List.of(IMAGE_DIGEST),
              new Outcome.RefusedWith(Refusal.R21),
              markedTail(),
              Program.of(scene -> List.of(scene.stranger().mark(scene.world().honest().hash())))
                  .after(Attacks::genuineUpload)
                  .with((world, cable) -> cable.lay(world.honest().file().size(), world.tail()))),
          new Attack(
              "T07a",
              "T07",
              "a thief of one release key",
              "signs a release of their own with it, one signature of the two that are needed",
              List.of(THRESHOLD),
              new Outcome.RefusedWith(Refusal.R4),
              inSlot("the thief's image", world -> world.halfSigned().file()),
              Program.of(deliver(AttackWorld::halfSigned))),
          new Attack(
              "T16a",
              "T16",
              "a peer or server with an old genuine release",
              "offers it to a device that has confirmed a newer one and restarted",
              List.of(SEQUENCE, OfBootloader.COUNTER_IN_DEVICE),
              new Outcome.RefusedWith(Refusal.R12),
              runs("the older image", AttackWorld::older),
              Program.of(wholeUpdate(AttackWorld::older)).after(NEWER_CONFIRMED_AND_RESTARTED)),
          new Attack(
              "T16b",
              "T16",
              "anyone with a programmer's cable",
              "writes an older genuine image with a lower counter into the slot and marks it",
              List.of(OfBootloader.COUNTER_IN_DEVICE),
              new Outcome.RefusedAtBoot(ImageRefusal.COUNTER_TOO_LOW),
              runs("the older image", AttackWorld::older),
              Program.of(scene -> List.of(scene.restart()))
                  .after(NEWER_CONFIRMED_AND_RESTARTED)
                  .with((world, cable) -> cable.installMarked(world.older().file()))),
          new Attack(
              "T16c",
              "T16",
              "anyone in radio range",
              "asks for the image that the last update left in the other slot",
              List.of(PERMIT_REQUIRED, OfBootloader.COUNTER_IN_DEVICE),
              new Outcome.RefusedWith(Refusal.R18),
              new Goal(
                  "the image before this one runs", scene -> scene.runs(scene.world().factory())),
              Program.of(
                      scene -> {
                        Attacker stranger = scene.stranger();
                        Bytes before = scene.world().factory().hash().orElseThrow();
                        return List.of(
                            stranger.mark(before), stranger.markForGood(before), stranger.reset());
                      })
                  .after(NEWER_CONFIRMED_AND_RESTARTED)),
          new Attack(
              "T39a",
              "T39",
              "a peer with an old genuine release",
              "offers it between the confirmation and the next start, while the counter is low",
              List.of(SEQUENCE),
              new Outcome.RefusedWith(Refusal.R12),
              runs("the older image", AttackWorld::older),
              Program.of(wholeUpdate(AttackWorld::older)).after(NEWER_CONFIRMED)),
          new Attack(
              "T41a",
              "T41",
              "anyone in radio range of a headless device",
              "starts an update to a genuine image that nobody asked for, while the laptop is idle",
              List.of(PERMIT_REQUIRED),
              new Outcome.RefusedWith(Refusal.R18),
              runs("an image that its owner did not choose", AttackWorld::honest),
              Program.of(
                  scene -> {
                    Edition honest = scene.world().honest();
                    Attacker stranger = scene.stranger();
                    return List.of(
                        stranger.upload(honest.file()),
                        stranger.mark(honest.hash()),
                        stranger.reset(),
                        stranger.erase());
                  })));

  private Attacks() {}

  /// The rows with this name: one by its id, such as T01a, or all of a threat, such as T01. Nothing
  /// for a name that is none.
  public static List<Attack> named(String name) {
    String wanted = name.toUpperCase(Locale.ROOT);
    return ALL.stream()
        .filter(
            attack ->
                attack.threat().equals(wanted)
                    || attack.id().toUpperCase(Locale.ROOT).equals(wanted))
        .toList();
  }

  private static Goal inSlot(String whose, Function<AttackWorld, Bytes> file) {
    return new Goal(
        whose + " lies in the slot", scene -> scene.holdsPageOf(file.apply(scene.world())));
  }

  private static Goal runs(String whose, Function<AttackWorld, Edition> edition) {
    return new Goal(whose + " runs", scene -> scene.runs(edition.apply(scene.world()).image()));
  }

  private static Goal markedTail() {
    return new Goal(
        "the tail lies in a slot that is marked",
        scene -> scene.isMarkedWith(scene.world().honest().file().size(), scene.world().tail()));
  }

  /// What anybody can do with a genuine release: its permit is no secret.
  private static void genuinePermit(Scene scene) throws IOException {
    Edition honest = scene.world().honest();
    Attacker peer = scene.stranger();
    taken(peer.bringBundle(honest.release().bundle()));
    taken(peer.bringTable(honest.release().table()));
  }

  /// And with its image. Step by step: a device that does not check what lies in its slot tells an
  /// updater nothing useful about it.
  private static void genuineUpload(Scene scene) throws IOException {
    genuinePermit(scene);
    taken(scene.stranger().upload(scene.world().honest().file()));
  }

  private static void taken(Encounter encounter) throws IOException {
    if (!(encounter.reaction() instanceof Reaction.Taken)) {
      throw new IOException(encounter.words());
    }
  }

  /// Everything up to the last byte of the image.
  private static Strike deliver(Function<AttackWorld, Edition> edition) {
    return scene -> {
      Edition chosen = edition.apply(scene.world());
      Attacker stranger = scene.stranger();
      return List.of(
          stranger.bringBundle(chosen.release().bundle()),
          stranger.bringTable(chosen.release().table()),
          stranger.upload(chosen.file()));
    };
  }

  private static Strike uploadAndStart(Function<AttackWorld, Edition> edition) {
    return scene -> {
      Edition chosen = edition.apply(scene.world());
      Attacker stranger = scene.stranger();
      return List.of(
          stranger.upload(chosen.file()), stranger.mark(chosen.hash()), stranger.reset());
    };
  }

  private static Strike wholeUpdate(Function<AttackWorld, Edition> edition) {
    return scene -> {
      Edition chosen = edition.apply(scene.world());
      Attacker stranger = scene.stranger();
      return List.of(
          stranger.bringBundle(chosen.release().bundle()),
          stranger.bringTable(chosen.release().table()),
          stranger.upload(chosen.file()),
          stranger.mark(chosen.hash()),
          stranger.reset());
    };
  }
}
