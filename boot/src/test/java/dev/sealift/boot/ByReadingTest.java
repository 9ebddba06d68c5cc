// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.boot.BootPolicy.PrimaryCheck;
import dev.sealift.boot.BootPolicy.TlvRule;
import dev.sealift.boot.BootPolicy.Unpacking;
import dev.sealift.boot.Mode.Extent;
import dev.sealift.boot.Mode.Retreat;
import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.Image;
import dev.sealift.image.ImageFlag;
import dev.sealift.image.ImageSigner;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SignOptions;
import dev.sealift.image.SigningException;
import dev.sealift.image.SlotLayout;
import dev.sealift.image.Tlv;
import dev.sealift.image.TlvArea;
import dev.sealift.image.TlvType;
import dev.sealift.image.compression.Compression;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What the model does where no boot of the real code was recorded: it follows the description of
/// the code, and these tests say what that is taken to mean.
class ByReadingTest {
  private static final int SECTOR = 1024;
  private static final int SLOT = 16 * SECTOR;
  private static final BootPolicy HASH = BootPolicy.of(new Trust.HashOnly());

  private static BootConfig config(Mode mode, BootPolicy policy, int images) {
    List<ImageSlots> slots =
        IntStream.range(0, images)
            .mapToObj(
                image ->
                    new ImageSlots(
                        new FlashArea(2 * image * SLOT, SLOT),
                        new FlashArea((2 * image + 1) * SLOT, SLOT)))
            .toList();
    return new BootConfig(
        mode,
        new FlashGeometry((2 * images + 1) * SLOT, SECTOR, 4),
        slots,
        BootConfig.MAX_ALIGN_DEFAULT,
        16,
        policy);
  }

  private static BootConfig config(Mode mode, BootPolicy policy) {
    return config(mode, policy, 1);
  }

  private static BootOutcome boot(BootConfig config, Flash flash) {
    flash.powerUp();
    return new Bootloader(config).boot(flash).outcome();
  }

  private static BootOutcome booted(Slot slot, int major, int minor) {
    return new BootOutcome.Booted(slot, ImageVersion.of(major, minor, 0));
  }

  // Several images.

  private static Tlv needs(int image, int major) {
    return Tlv.of(
        TlvType.DEPENDENCY.code(),
        new ByteWriter(ByteOrder.LITTLE_ENDIAN)
            .u8(image)
            .fill(3, 0)
            .u8(major)
            .u8(0)
            .u16(0)
            .u32(0)
            .toBytes());
  }

  private static final Mode SCRATCH = new Mode.SwapScratch(new FlashArea(4 * SLOT, 2 * SECTOR));

  static Stream<Mode> modesThatCopy() {
    return Stream.of(
        SCRATCH,
        new Mode.SwapMove(),
        new Mode.SwapOffset(),
        new Mode.Overwrite(Extent.USED_SECTORS));
  }

  static Stream<Mode> modesWithoutFaults() {
    return Stream.of(SCRATCH, new Mode.SwapMove());
  }

  /// Application and network core, both running 1.0, with these candidates marked for a test.
  private static Flash two(BootConfig config, Bytes first, Bytes second) {
    Flash flash = new Flash(config.flash());
    List<Bytes> candidates = List.of(first, second);
    for (int image = 0; image < 2; image++) {
      flash.lay(config.area(image, Slot.PRIMARY).start(), Devices.image("1.0.0", 3000 + image));
      flash.lay(
          config.area(image, Slot.SECONDARY).start() + config.uploadOffset(),
          candidates.get(image));
      new ImageMarks(config, image).test(flash);
    }
    return flash;
  }

  @ParameterizedTest
  @MethodSource("modesThatCopy")
  void images_whose_dependencies_are_served_are_updated_together(Mode mode) {
    BootConfig config = config(mode, HASH, 2);
    Bytes first = Devices.image("2.0.0", 4000, 0, 0, needs(1, 2));
    Bytes second = Devices.image("2.0.0", 4100, 0, 0, needs(0, 2));
    Flash flash = two(config, first, second);
    assertThat(boot(config, flash)).isEqualTo(booted(Slot.PRIMARY, 2, 0));
    assertThat(Devices.holds(flash, config.area(0, Slot.PRIMARY), first)).isTrue();
    assertThat(Devices.holds(flash, config.area(1, Slot.PRIMARY), second)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("modesThatCopy")
  void when_one_dependency_is_not_served_none_is_updated_and_the_requests_stay(Mode mode) {
    BootConfig config = config(mode, HASH, 2);
    Bytes first = Devices.image("2.0.0", 4000, 0, 0, needs(1, 3));
    Flash flash = two(config, first, Devices.image("2.0.0", 4100));
    Bytes before = flash.sha256();
    flash.powerUp();
    BootResult result = new Bootloader(config).boot(flash);
    assertThat(result.outcome()).isEqualTo(booted(Slot.PRIMARY, 1, 0));
    assertThat(result.refused()).contains(ImageRefusal.DEPENDENCY);
    assertThat(flash.sha256()).isEqualTo(before);
  }

  @Test
  void a_dependency_on_an_image_that_does_not_exist_is_not_served() {
    BootConfig config = config(new Mode.SwapMove(), HASH, 2);
    Flash flash =
        two(config, Devices.image("2.0.0", 4000, 0, 0, needs(7, 0)), Devices.image("2.0.0", 4100));
    assertThat(boot(config, flash)).isEqualTo(booted(Slot.PRIMARY, 1, 0));
  }

  @Test
  void a_device_of_one_image_ignores_dependencies() {
    BootConfig config = config(new Mode.SwapMove(), HASH);
    Flash flash = new Flash(config.flash());
    flash.lay(0, Devices.image("1.0.0", 3000));
    flash.lay(SLOT, Devices.image("2.0.0", 4000, 0, 0, needs(0, 9)));
    new ImageMarks(config).test(flash);
    assertThat(boot(config, flash)).isEqualTo(booted(Slot.PRIMARY, 2, 0));
  }

  @Test
  void the_second_image_is_named_in_its_own_trailers() {
    BootConfig config = config(new Mode.SwapMove(), HASH, 2);
    Flash flash = two(config, Devices.image("2.0.0", 4000), Devices.image("2.0.0", 4100));
    boot(config, flash);
    for (int image = 0; image < 2; image++) {
      FlashArea primary = config.area(image, Slot.PRIMARY);
      int info = primary.start() + TrailerLayout.of(config, primary).swapInfo();
      assertThat(flash.read(info, 1).at(0)).isEqualTo(image << 4 | SwapType.TEST.code());
    }
  }

  @ParameterizedTest
  @MethodSource("modesWithoutFaults")
  void a_power_cut_anywhere_in_an_update_of_two_images_leaves_both_new(Mode mode) {
    BootConfig config = config(mode, HASH, 2);
    Bytes first = Devices.image("2.0.0", 4000);
    Bytes second = Devices.image("2.0.0", 4100);
    FlashSnapshot start = two(config, first, second).snapshot();
    Flash flash = new Flash(config.flash());
    PowerCuts.Sweep sweep = PowerCuts.everyCut(config, start, PowerCut.Moment.BEFORE);
    assertThat(sweep.cuts()).hasSizeGreaterThan(80);
    for (PowerCuts.CutEnding cut : sweep.cuts()) {
      flash.restore(start);
      flash.powerUpUntil(cut.cut());
      new Bootloader(config).boot(flash);
      boot(config, flash);
      assertThat(
              Devices.holds(flash, config.area(0, Slot.PRIMARY), first)
                  && Devices.holds(flash, config.area(1, Slot.PRIMARY), second))
          .as("%s", cut.cut())
          .isTrue();
    }
  }

  // Whose device it is, and what stands outside the protected area.

  @Test
  void only_images_that_name_vendor_and_class_are_taken() {
    Bytes vendor = Bytes.filled(16, 1);
    Bytes deviceClass = Bytes.filled(16, 2);
    BootConfig config = config(new Mode.SwapMove(), HASH.identified(vendor, deviceClass));
    Tlv rightVendor = Tlv.of(TlvType.UUID_VID.code(), vendor);
    Tlv rightClass = Tlv.of(TlvType.UUID_CID.code(), deviceClass);
    Bytes running = Devices.image("1.0.0", 3000, 0, 0, rightVendor, rightClass);
    assertThat(refusalOf(config, running, rightVendor, rightClass)).isEmpty();
    assertThat(refusalOf(config, running, rightClass)).contains(ImageRefusal.WRONG_VENDOR);
    assertThat(refusalOf(config, running, rightVendor)).contains(ImageRefusal.WRONG_CLASS);
    assertThat(refusalOf(config, running, Tlv.of(TlvType.UUID_VID.code(), deviceClass), rightClass))
        .contains(ImageRefusal.WRONG_VENDOR);
    assertThat(refusalOf(config, running, rightVendor, Tlv.of(TlvType.UUID_CID.code(), vendor)))
        .contains(ImageRefusal.WRONG_CLASS);
  }

  private static Optional<ImageRefusal> refusalOf(BootConfig config, Bytes running, Tlv... tlvs) {
    Flash flash = new Flash(config.flash());
    flash.lay(0, running);
    flash.lay(SLOT, Devices.image("2.0.0", 4000, 0, 0, tlvs));
    new ImageMarks(config).test(flash);
    flash.powerUp();
    BootResult result = new Bootloader(config).boot(flash);
    assertThat(result.outcome())
        .isEqualTo(booted(Slot.PRIMARY, result.refused().isEmpty() ? 2 : 1, 0));
    return result.refused();
  }

  @Test
  void without_the_allow_list_anything_may_stand_outside() {
    Bytes plain = Devices.image("2.0.0", 4000);
    Tlv extra = Tlv.of(0xa0, Bytes.ofUtf8("whatever"));
    Image image = read(plain);
    Bytes extended =
        new Image(
                image.header(),
                image.fill(),
                image.payload(),
                image.protectedArea(),
                TlvArea.of(image.unprotectedArea().tlvs().getFirst(), extra),
                Bytes.EMPTY)
            .write();
    for (TlvRule rule : TlvRule.values()) {
      BootConfig config = config(new Mode.SwapMove(), HASH.with(rule));
      Flash flash = new Flash(config.flash());
      flash.lay(0, extended);
      assertThat(boot(config, flash) instanceof BootOutcome.Booted)
          .isEqualTo(rule == TlvRule.ANYTHING);
    }
  }

  private static Image read(Bytes bytes) {
    try {
      return Image.read(bytes);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  // RAM load and the single slot.

  private static final FlashArea RAM = new FlashArea(0x2000_0000, 0x8000);

  private static Bytes forRam(String version, long address) {
    return Devices.image(version, 4000, ImageFlag.RAM_LOAD.mask(), address);
  }

  @Test
  void of_two_images_for_ram_the_higher_version_is_loaded() {
    BootConfig config = config(new Mode.RamLoad(Retreat.NONE, RAM), HASH);
    Flash flash = new Flash(config.flash());
    flash.lay(0, forRam("1.0.0", RAM.start()));
    flash.lay(SLOT, forRam("1.1.0", RAM.start()));
    Bytes before = flash.sha256();
    assertThat(boot(config, flash)).isEqualTo(booted(Slot.SECONDARY, 1, 1));
    assertThat(flash.sha256()).isEqualTo(before);
  }

  @Test
  void an_image_that_is_not_for_this_ram_is_erased_and_the_other_loaded() {
    BootConfig config = config(new Mode.RamLoad(Retreat.NONE, RAM), HASH);
    for (Bytes unfit :
        List.of(
            Devices.image("1.1.0", 4000),
            forRam("1.1.0", RAM.start() - 4),
            forRam("1.1.0", RAM.end() - 4000))) {
      Flash flash = new Flash(config.flash());
      flash.lay(0, forRam("1.0.0", RAM.start()));
      flash.lay(SLOT, unfit);
      assertThat(boot(config, flash)).isEqualTo(booted(Slot.PRIMARY, 1, 0));
      assertThat(flash.isErased(SLOT, SLOT)).isTrue();
    }
  }

  @Test
  void in_ram_an_image_that_did_not_confirm_itself_is_erased_at_the_next_boot() {
    BootConfig config = config(new Mode.RamLoad(Retreat.UNLESS_CONFIRMED, RAM), HASH);
    Flash flash = new Flash(config.flash());
    flash.lay(0, forRam("1.0.0", RAM.start()));
    flash.lay(SLOT, forRam("1.1.0", RAM.start()));
    ImageMarks marks = new ImageMarks(config);
    marks.choose(flash, Slot.PRIMARY, ImageMarks.Stay.FOR_GOOD);
    marks.choose(flash, Slot.SECONDARY, ImageMarks.Stay.TRIAL);
    assertThat(boot(config, flash)).isEqualTo(booted(Slot.SECONDARY, 1, 1));
    assertThat(boot(config, flash)).isEqualTo(booted(Slot.PRIMARY, 1, 0));
    assertThat(flash.isErased(SLOT, SLOT)).isTrue();
  }

  @Test
  void a_single_slot_starts_what_is_whole_and_touches_nothing() {
    for (PrimaryCheck primaryCheck : PrimaryCheck.values()) {
      BootConfig config =
          new BootConfig(
              new Mode.SingleSlot(),
              new FlashGeometry(SLOT, SECTOR, 4),
              List.of(new ImageSlots(new FlashArea(0, SLOT), Optional.empty())),
              BootConfig.MAX_ALIGN_DEFAULT,
              16,
              HASH.with(primaryCheck));
      Flash flash = new Flash(config.flash());
      assertThat(boot(config, flash)).isInstanceOf(BootOutcome.Refused.class);
      flash.lay(0, Devices.image("1.0.0", 4000));
      assertThat(boot(config, flash)).isEqualTo(booted(Slot.PRIMARY, 1, 0));
      flash.lay(500, Bytes.ofUtf8("damage"));
      assertThat(boot(config, flash) instanceof BootOutcome.Booted)
          .isEqualTo(primaryCheck == PrimaryCheck.MAGIC_ONLY);
      assertThat(flash.use().operations()).isZero();
    }
  }

  // Compressed images.

  private static final LocalKey KEY = LocalKey.generate(KeyType.ED25519, new SecureRandom());

  private static BootConfig unpacking() {
    return config(
        new Mode.Overwrite(Extent.USED_SECTORS),
        BootPolicy.of(new Trust.Signatures(KeyType.ED25519, List.of(KEY.publicKey())))
            .with(Unpacking.LZMA2));
  }

  private static Image signed(String version, Optional<Compression> compression) {
    byte[] payload = new byte[9000];
    for (int i = 0; i < payload.length; i++) {
      payload[i] = (byte) (i / 100);
    }
    try {
      return ImageSigner.sign(
          Bytes.owning(payload),
          SignOptions.of(
                  ImageVersion.of(version.charAt(0) - '0', 0, 0),
                  new SignOptions.HeaderRoom(512, SignOptions.Source.PREPENDED),
                  SlotLayout.swap(SLOT, 4))
              .toBuilder()
              .compression(compression)
              .build(),
          KEY.signing(new SecureRandom()));
    } catch (SigningException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void a_compressed_image_is_unpacked_into_the_primary_slot(Compression compression) {
    BootConfig config = unpacking();
    Image packed = signed("2", Optional.of(compression));
    Image plain = signed("2", Optional.empty());
    assertThat(packed.size()).isLessThan(plain.size() / 2);
    Flash flash = new Flash(config.flash());
    flash.lay(0, signed("1", Optional.empty()).write());
    flash.lay(SLOT, packed.write());
    new ImageMarks(config).permanent(flash);
    assertThat(boot(config, flash)).isEqualTo(booted(Slot.PRIMARY, 2, 0));
    // Ed25519 signs alike each time, so the device holds what signing without compression makes.
    assertThat(Devices.holds(flash, config.primary(), plain.write())).isTrue();
    assertThat(boot(config, flash)).isEqualTo(booted(Slot.PRIMARY, 2, 0));
  }

  @Test
  void a_cut_while_it_is_unpacked_is_made_good_by_the_next_boot() {
    BootConfig config = unpacking();
    Flash flash = new Flash(config.flash());
    flash.lay(0, signed("1", Optional.empty()).write());
    flash.lay(SLOT, signed("2", Optional.of(Compression.LZMA2)).write());
    new ImageMarks(config).permanent(flash);
    FlashSnapshot start = flash.snapshot();
    for (PowerCuts.CutEnding cut :
        PowerCuts.everyCut(config, start, PowerCut.Moment.HALFWAY).cuts()) {
      assertThat(cut.next().result().outcome()).isEqualTo(booted(Slot.PRIMARY, 2, 0));
    }
  }

  @Test
  void one_that_unpacks_to_something_else_is_refused_though_it_is_signed() {
    BootConfig config = unpacking();
    Image packed = signed("2", Optional.of(Compression.LZMA2));
    // Signed again over a DECOMP_SHA that is not true.
    List<Tlv> lies =
        packed.protectedArea().orElseThrow().tlvs().stream()
            .map(tlv -> tlv.is(TlvType.DECOMP_SHA) ? Tlv.of(tlv.type(), Bytes.filled(32, 7)) : tlv)
            .toList();
    Image unsigned =
        new Image(
            packed.header(),
            packed.fill(),
            packed.payload(),
            Optional.of(new TlvArea(lies)),
            packed.unprotectedArea(),
            Bytes.EMPTY);
    Bytes digest = unsigned.hashRegion().sha256();
    List<Tlv> tlvs =
        packed.unprotectedArea().tlvs().stream()
            .map(
                tlv ->
                    tlv.is(TlvType.SHA256)
                        ? Tlv.of(tlv.type(), digest)
                        : tlv.is(TlvType.ED25519)
                            ? Tlv.of(tlv.type(), KEY.signing(new SecureRandom()).sign(digest))
                            : tlv)
            .toList();
    Bytes liar =
        new Image(
                unsigned.header(),
                unsigned.fill(),
                unsigned.payload(),
                unsigned.protectedArea(),
                new TlvArea(tlvs),
                Bytes.EMPTY)
            .write();
    Flash flash = new Flash(config.flash());
    flash.lay(0, signed("1", Optional.empty()).write());
    flash.lay(SLOT, liar);
    new ImageMarks(config).permanent(flash);
    flash.powerUp();
    BootResult result = new Bootloader(config).boot(flash);
    assertThat(result.refused()).contains(ImageRefusal.UNPACKED_WRONG);
    assertThat(result.outcome()).isEqualTo(booted(Slot.PRIMARY, 1, 0));
  }

  @Test
  void modes_that_swap_cannot_unpack() {
    assertThatThrownBy(() -> config(new Mode.SwapMove(), HASH.with(Unpacking.LZMA2)))
        .hasMessageContaining("overwrites");
  }
}
