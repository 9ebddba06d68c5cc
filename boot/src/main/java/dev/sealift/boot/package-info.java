// SPDX-License-Identifier: Apache-2.0

/// A device as its bootloader sees it. The model on one page:
///
/// ```
/// BootConfig    = Mode, FlashGeometry, ImageSlots..., maxAlign, maxSectors, BootPolicy
/// Mode          = SwapScratch | SwapMove | SwapOffset | Overwrite    bring an image over
///               | DirectXip | RamLoad | SingleSlot                   choose one
/// BootPolicy    = Trust, PrimaryCheck, Downgrade, Rollback, Scramble, Bootstrap, TlvRule,
///                 Decryption, Unpacking, vendor and class             what was built in
/// DeviceProfile = BootConfig, FlashTimings, storage, vendor and class, SMP buffers
/// DeviceProfileFile : TOML to DeviceProfile; ShippedProfiles : those that come along
///
/// Flash         = bytes + security counter, strict, counted   what survives without power
/// PowerCut      = operation, before | halfway | after
///
/// TrailerState  = magic, swap_info, copy_done, image_ok       good, bad or unset: three states
/// ImageMarks    : the application asks (test, permanent, choose) and confirms
/// SwapTypeTable : both trailers to SwapType                   the decision, one table
///
/// Bootloader.boot(Flash) to BootResult
///   ImageUpdate : prepare (resume, decide, check), perform, check again; one for each image
///   Exchange    = ScratchSwap | MoveSwap | OffsetSwap | Overwrite    the steps, in their order
///   ChoosingStart : direct-XIP, RAM load, single slot
/// BootResult    = BootOutcome, taken SwapType, why the candidate was refused
/// BootOutcome   = Booted Slot ImageVersion | Refused ImageRefusal | Halted | PowerLost
/// ```
///
/// The model does every operation that the real code does, in its order and its sizes: copies in
/// pieces of 1024 bytes, one erase per sector. So it may be cut at operation N where a real device
/// was, and both hold the same bytes. Where the real code is lenient (a shortened key hash, odd
/// encodings of ECDSA) or at fault (a running image too large to be shifted, a torn permanent
/// request, a header looked for in the wrong slot), the model is too: it says what devices in the
/// field will do, not what they should. Where the real code runs off its own tables the model
/// halts.
///
/// By reading, because no recorded boots exist: RAM load, single slot, several images with
/// dependencies, vendor and class, compressed images, other erased values than 0xff.
@NullMarked
package dev.sealift.boot;

import org.jspecify.annotations.NullMarked;
