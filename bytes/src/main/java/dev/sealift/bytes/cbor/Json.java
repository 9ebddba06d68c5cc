// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.cbor;

import com.upokecenter.cbor.CBORException;
import com.upokecenter.cbor.CBORObject;
import com.upokecenter.cbor.JSONOptions;
import dev.sealift.bytes.MalformedException;

/// JSON by the same library and the same values: what a person's machine reads and writes. Byte
/// strings have no place in JSON; whoever prints them says how (hex, as a rule).
public final class Json {
  private static final JSONOptions READ =
      new JSONOptions("numberconversion=intorfloat;allowduplicatekeys=false;keepkeyorder=true");

  private Json() {}

  public static CborItem read(String text) throws MalformedException {
    try {
      return Cbor.fromLibrary(CBORObject.FromJSONString(text, READ));
    } catch (CBORException e) {
      throw new MalformedException("no JSON: " + e.getMessage(), 0, e);
    }
  }

  /// One line, keys in the order the maps remember.
  public static String write(CborItem item) {
    return Cbor.library(item).ToJSONString();
  }
}
