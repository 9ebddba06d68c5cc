// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// The application's side: what the running image writes into the trailers, in MCUboot's own order,
/// and the answers it gets. A [PowerCutException] goes through.
public final class ImageMarks {
  private final BootConfig config;
  private final int image;

  /// Those of image 0.
  public ImageMarks(BootConfig config) {
    this(config, 0);
  }

  public ImageMarks(BootConfig config, int image) {
    this.config = config;
    this.image = image;
  }

  /// The answers, with MCUboot's codes.
  public enum Answer {
    /// Done, or nothing was left to do.
    DONE(0),
    FLASH_FAILED(1),
    /// The secondary slot's magic is torn or foreign: its trailer must be erased first.
    PENDING_MAGIC_BAD(3),
    /// The primary slot's magic is torn or foreign.
    CONFIRM_MAGIC_BAD(4);

    private final int code;

    Answer(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }
  }

  /// What the trailers of both slots ask for now.
  public SwapType requested(Flash flash) {
    return SwapTypeTable.decide(flash, config, image);
  }

  public TrailerState trailer(Flash flash, Slot slot) {
    return new Trailer(flash, config, config.area(image, slot)).read();
  }

  /// Asks for the image in the secondary slot to be tried once.
  public Answer test(Flash flash) {
    return request(flash, SwapType.TEST);
  }

  /// Asks for the image in the secondary slot for good.
  public Answer permanent(Flash flash) {
    return request(flash, SwapType.PERM);
  }

  /// The running image says that it is well and wants to stay.
  public Answer confirm(Flash flash) {
    Trailer primary = new Trailer(flash, config, config.area(image, Slot.PRIMARY));
    return switch (primary.read().magic()) {
      // Put there by a cable, without a trailer: it needs no confirmation.
      case UNSET -> Answer.DONE;
      case BAD -> Answer.CONFIRM_MAGIC_BAD;
      case GOOD -> attempt(primary::writeImageOkIfUnset);
    };
  }

  /// How long the chosen image of a slot is to run.
  public enum Stay {
    /// Until the next boot, unless it confirms itself.
    TRIAL,
    /// For good. An image that runs already confirms itself with it.
    FOR_GOOD
  }

  /// In the modes that choose between the slots: makes the image in a slot one that may be chosen.
  public Answer choose(Flash flash, Slot slot, Stay stay) {
    Trailer trailer = new Trailer(flash, config, config.area(image, slot));
    TrailerState state = trailer.read();
    if (state.magic() == Mark.BAD) {
      return Answer.PENDING_MAGIC_BAD;
    }
    return attempt(
        () -> {
          if (state.magic() == Mark.UNSET) {
            trailer.writeMagic();
          }
          if (stay == Stay.FOR_GOOD) {
            if (state.copyDone() == Mark.UNSET) {
              trailer.writeCopyDone();
            }
            trailer.writeImageOkIfUnset();
          }
        });
  }

  private Answer request(Flash flash, SwapType type) {
    Trailer secondary = new Trailer(flash, config, config.area(image, Slot.SECONDARY));
    return switch (secondary.read().magic()) {
      // Whatever was asked before stays: a test request is not made a permanent one.
      case GOOD -> Answer.DONE;
      case BAD -> Answer.PENDING_MAGIC_BAD;
      case UNSET ->
          attempt(
              () -> {
                secondary.writeMagic();
                if (type == SwapType.PERM) {
                  secondary.writeImageOk();
                }
                secondary.writeSwapInfo(type, image);
              });
    };
  }

  private static Answer attempt(Runnable writes) {
    try {
      writes.run();
      return Answer.DONE;
    } catch (FlashException _) {
      return Answer.FLASH_FAILED;
    }
  }
}
