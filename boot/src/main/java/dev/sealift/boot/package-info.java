// SPDX-License-Identifier: Apache-2.0

/// A device as its bootloader sees it. The model on one page:
///
/// ```
/// DeviceProfile = Mode, FlashGeometry, primary and secondary FlashArea, maxAlign, maxSectors,
///                 BootPolicy                                  what was built, and for what
/// BootPolicy    = Trust, PrimaryCheck, Downgrade, Rollback, Scramble, Bootstrap
/// Flash         = bytes + security counter, strict, counted   what survives without power
/// PowerCut      = operation, before | halfway | after
///
/// TrailerState  = magic, swap_info, copy_done, image_ok       good, bad or unset: three states
/// ImageMarks    : the application asks (test, permanent) and confirms
/// SwapTypeTable : both trailers to SwapType                   one table of three rows
///
/// Bootloader.boot(Flash) to BootResult
/// BootResult    = BootOutcome, taken SwapType, why the candidate was refused
/// BootOutcome   = Booted Slot ImageVersion | Refused ImageRefusal | Halted | PowerLost
/// ```
///
/// The model does every operation that the real code does, in its order and its sizes: copies in
/// pieces of 1024 bytes, one erase per sector. So it may be cut at operation N where a real device
/// was, and both hold the same bytes. Where the real code is lenient (a shortened key hash, odd
/// encodings of ECDSA) or at fault (a running image too large to be shifted, a torn permanent
/// request), the model is too: it says what devices in the field will do, not what they should.
@NullMarked
package dev.sealift.boot;

import org.jspecify.annotations.NullMarked;
