// SPDX-License-Identifier: Apache-2.0

/// DFU packages, the `dfu_application.zip` of Zephyr and nRF Connect SDK builds: a ZIP archive of
/// images with a `manifest.json` that says which is for which image of the device.
///
/// ```
/// package  = file* manifest.json                   no folders, every name once
/// manifest = format-version time [name] files      any further field is kept
/// file     = file size [type board soc load_address modtime]
///            [image_index] [slot] [slot_index_primary slot_index_secondary] [partition]
///            [version_MCUBOOT | version_MCUBOOT+XIP | version]
/// ```
///
/// Numbers may be text. Builds have written many forms over the years;
/// [DfuPackage][dev.sealift.image.dfu.DfuPackage] is the one value they all become. The archive is
/// read as strictly as the manifest is read leniently: a package that two readers could understand
/// in two ways is none.
@NullMarked
package dev.sealift.image.dfu;

import org.jspecify.annotations.NullMarked;
