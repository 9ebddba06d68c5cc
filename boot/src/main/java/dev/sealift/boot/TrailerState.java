// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// What a slot's trailer says. `swapInfo` is the code of the swap type it names, read as MCUboot
/// reads it when it decides: [SwapType#NONE] where the field is erased or beyond
/// [SwapType#REVERT], 0 where its lower half is 0.
public record TrailerState(Mark magic, int swapInfo, Mark copyDone, Mark imageOk) {}
