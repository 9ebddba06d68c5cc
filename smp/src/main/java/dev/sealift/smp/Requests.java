// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;

/// Reads a request that came in as the record of its command.
public final class Requests {
  private Requests() {}

  public static Request<?> read(Command command, CborMap fields) throws MalformedException {
    CborFields in = CborFields.of(fields, "request");
    return switch (command) {
      case OS_ECHO, OS_ECHO_READ -> Os.Echo.of(in);
      case OS_TASKS -> new Os.Tasks();
      case OS_MEMORY_POOLS -> new Os.MemoryPools();
      case OS_DATETIME -> new Os.Datetime();
      case OS_DATETIME_SET -> Os.SetDatetime.of(in);
      case OS_RESET -> Os.Reset.of(in);
      case OS_PARAMETERS -> new Os.Parameters();
      case OS_INFO -> Os.Info.of(in);
      case OS_BOOTLOADER -> Os.Bootloader.of(in);
      case IMAGE_STATE -> new Images.State();
      case IMAGE_STATE_SET -> Images.SetState.of(in);
      case IMAGE_UPLOAD -> Images.Upload.of(in);
      case IMAGE_ERASE -> Images.Erase.of(in);
      case IMAGE_SLOTS -> new Images.Slots();
      case BASIC_ERASE_STORAGE -> new Basic.EraseStorage();
      case PERMIT_INFO -> new Permits.Info();
      case PERMIT_NONCE -> new Permits.Nonce();
      case PERMIT_BUNDLE -> Permits.Bundle.of(in);
      case PERMIT_STATUS -> new Permits.Status();
      case PERMIT_SESSION -> Permits.Session.of(in);
      case PERMIT_HAVE -> new Permits.Have();
      case PERMIT_GET -> Permits.Get.of(in);
      case PERMIT_DROP -> new Permits.Drop();
      case PERMIT_TABLE -> Permits.Table.of(in);
    };
  }
}
