// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

import dev.sealift.bytes.Bytes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The functions of one PKCS#11 library (version 2.40 and up) that finding a key and signing with
/// it take, called through the JDK's foreign functions. What the library answers is checked for its
/// return code and its lengths; the library itself is trusted, as it runs in this process.
///
/// ```
/// CK_FUNCTION_LIST  version: 2 bytes, 6 of padding; then the functions, a pointer each
/// CK_TOKEN_INFO     label: 32, manufacturer: 32, model: 16, serial: 16, flags: CK_ULONG, …
/// CK_ATTRIBUTE      type: CK_ULONG, value: pointer, length: CK_ULONG
/// CK_MECHANISM      type: CK_ULONG, parameter: pointer, length: CK_ULONG
/// ```
///
/// CK_ULONG is C's `unsigned long`; only where that has 64 bits (Linux and macOS, not Windows) are
/// the layouts these.
final class Cryptoki {
  /// Their places in CK_FUNCTION_LIST.
  private enum Function {
    INITIALIZE(0),
    GET_SLOT_LIST(4),
    GET_TOKEN_INFO(6),
    OPEN_SESSION(12),
    CLOSE_SESSION(13),
    LOGIN(18),
    GET_ATTRIBUTE_VALUE(24),
    FIND_OBJECTS_INIT(26),
    FIND_OBJECTS(27),
    FIND_OBJECTS_FINAL(28),
    SIGN_INIT(42),
    SIGN(43);

    private final int place;

    Function(int place) {
      this.place = place;
    }
  }

  /// A token that is there, as it describes itself.
  record TokenInfo(long slot, String label, String serial, long flags) {
    boolean has(long flag) {
      return (flags & flag) != 0;
    }
  }

  /// One attribute of an object that is looked for.
  record Attribute(long type, Bytes value) {
    static Attribute ofNumber(long type, long number) {
      byte[] value = new byte[Long.BYTES];
      MemorySegment.ofArray(value).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, number);
      return new Attribute(type, Bytes.owning(value));
    }
  }

  /// How to sign; no parameter is no bytes.
  record Mechanism(long type, Bytes parameter) {}

  static final long FLAG_LOGIN_REQUIRED = 0x4;
  static final long FLAG_PIN_PAD = 0x100;
  static final long FLAG_INITIALIZED = 0x400;

  static final long CLASS = 0x0;
  static final long LABEL = 0x3;
  static final long VALUE = 0x11;
  static final long KEY_TYPE = 0x100;
  static final long ID = 0x102;
  static final long MODULUS = 0x120;
  static final long PUBLIC_EXPONENT = 0x122;
  static final long EC_PARAMETERS = 0x180;
  static final long EC_POINT = 0x181;

  static final long CLASS_CERTIFICATE = 1;
  static final long CLASS_PUBLIC_KEY = 2;
  static final long CLASS_PRIVATE_KEY = 3;

  static final long KEY_TYPE_RSA = 0x0;
  static final long KEY_TYPE_EC = 0x3;
  static final long KEY_TYPE_EC_EDWARDS = 0x40;

  static final long RSA_PKCS_PSS = 0xd;
  static final long ECDSA = 0x1041;
  static final long EDDSA = 0x1057;
  static final long SHA256 = 0x250;
  static final long MGF1_SHA256 = 0x2;

  /// More tokens, objects and bytes than these are no longer a device for signing.
  static final int SLOTS_MAX = 64;

  static final int OBJECTS_MAX = 64;
  static final int ATTRIBUTE_BYTES_MAX = 64 * 1024;
  static final int SIGNATURE_BYTES_MAX = 8 * 1024;

  private static final long OK = 0;
  private static final long ALREADY_LOGGED_IN = 0x100;
  private static final long ALREADY_INITIALIZED = 0x191;
  static final long PIN_INCORRECT = 0xa0;
  static final long PIN_LENGTH_RANGE = 0xa2;
  static final long PIN_LOCKED = 0xa4;

  private static final long OS_LOCKING = 0x2;
  private static final long SERIAL_SESSION = 0x4;
  private static final long USER = 1;

  private static final Map<Long, String> NAMES =
      Map.ofEntries(
          Map.entry(0x5L, "CKR_GENERAL_ERROR"),
          Map.entry(0x6L, "CKR_FUNCTION_FAILED"),
          Map.entry(0x12L, "CKR_ATTRIBUTE_TYPE_INVALID"),
          Map.entry(0x30L, "CKR_DEVICE_ERROR"),
          Map.entry(0x32L, "CKR_DEVICE_REMOVED"),
          Map.entry(0x50L, "CKR_FUNCTION_CANCELED"),
          Map.entry(0x68L, "CKR_KEY_FUNCTION_NOT_PERMITTED: the key is not meant for signing"),
          Map.entry(0x70L, "CKR_MECHANISM_INVALID: the token does not sign in this way"),
          Map.entry(PIN_INCORRECT, "CKR_PIN_INCORRECT"),
          Map.entry(PIN_LENGTH_RANGE, "CKR_PIN_LEN_RANGE"),
          Map.entry(0xa3L, "CKR_PIN_EXPIRED"),
          Map.entry(PIN_LOCKED, "CKR_PIN_LOCKED"),
          Map.entry(0xe0L, "CKR_TOKEN_NOT_PRESENT"),
          Map.entry(
              0x101L, "CKR_USER_NOT_LOGGED_IN: the key wants its PIN for each signature anew"),
          Map.entry(0x102L, "CKR_USER_PIN_NOT_INITIALIZED"));

  private static final ValueLayout.OfLong ULONG = ValueLayout.JAVA_LONG;
  private static final long POINTER = ValueLayout.ADDRESS.byteSize();
  private static final long STRUCT = 3 * POINTER;
  private static final int TOKEN_INFO_BYTES = 256;

  /// A function that did not do what it was asked for.
  static final class FailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long code;

    FailedException(Function function, long code) {
      super(
          "the token library answers %s with %s"
              .formatted(function, NAMES.getOrDefault(code, "0x%x".formatted(code))));
      this.code = code;
    }

    long code() {
      return code;
    }
  }

  private final MemorySegment functions;

  private Cryptoki(MemorySegment functions) {
    this.functions = functions;
  }

  /// Loads the library, once for the life of the process; it is never unloaded and never finalised:
  /// that would end the sessions of every other signer.
  @SuppressWarnings("restricted") // A PKCS#11 library is native code: calling it is the purpose.
  static Cryptoki load(Path library) throws IOException {
    MemoryLayout unsignedLong = Linker.nativeLinker().canonicalLayouts().get("long");
    if (unsignedLong == null || unsignedLong.byteSize() != ULONG.byteSize()) {
      throw new IOException("tokens are reached on Linux and macOS only");
    }
    if (!Files.isRegularFile(library)) {
      throw new IOException("no such library: " + library);
    }
    SymbolLookup symbols;
    try {
      symbols = SymbolLookup.libraryLookup(library, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new IOException("%s cannot be loaded as a library".formatted(library), e);
    }
    Optional<MemorySegment> entry = symbols.find("C_GetFunctionList");
    if (entry.isEmpty()) {
      throw new IOException("%s is no PKCS#11 library".formatted(library));
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment list = arena.allocate(ValueLayout.ADDRESS);
      long code = invoke(entry.get(), list);
      if (code != OK) {
        throw new IOException("%s does not tell its functions: 0x%x".formatted(library, code));
      }
      long size = POINTER * (2 + Function.SIGN.place);
      Cryptoki loaded = new Cryptoki(list.get(ValueLayout.ADDRESS, 0).reinterpret(size));
      loaded.initialize(arena);
      return loaded;
    }
  }

  private void initialize(Arena arena) throws FailedException {
    MemorySegment arguments = arena.allocate(6 * POINTER, POINTER);
    arguments.set(ULONG, 4 * POINTER, OS_LOCKING);
    call(Function.INITIALIZE, ALREADY_INITIALIZED, arguments);
  }

  List<TokenInfo> tokens() throws FailedException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment slots = arena.allocate(ULONG, SLOTS_MAX);
      MemorySegment count = arena.allocateFrom(ULONG, SLOTS_MAX);
      call(Function.GET_SLOT_LIST, OK, (byte) 1, slots, count);
      List<TokenInfo> tokens = new ArrayList<>();
      for (int i = 0; i < Math.min(count.get(ULONG, 0), SLOTS_MAX); i++) {
        long slot = slots.getAtIndex(ULONG, i);
        MemorySegment info = arena.allocate(TOKEN_INFO_BYTES, POINTER);
        call(Function.GET_TOKEN_INFO, OK, slot, info);
        tokens.add(
            new TokenInfo(slot, padded(info, 0, 32), padded(info, 80, 16), info.get(ULONG, 96)));
      }
      return tokens;
    }
  }

  /// Text in a field of fixed size, filled up with spaces.
  private static String padded(MemorySegment info, long at, int size) {
    byte[] field = info.asSlice(at, size).toArray(ValueLayout.JAVA_BYTE);
    return new String(field, StandardCharsets.UTF_8).stripTrailing();
  }

  long openSession(TokenInfo token) throws FailedException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment session = arena.allocate(ULONG);
      call(
          Function.OPEN_SESSION,
          OK,
          token.slot(),
          SERIAL_SESSION,
          MemorySegment.NULL,
          MemorySegment.NULL,
          session);
      return session.get(ULONG, 0);
    }
  }

  void closeSession(long session) throws FailedException {
    call(Function.CLOSE_SESSION, OK, session);
  }

  /// Being logged in already, by another signer of this process, will do. No PIN lets the token ask
  /// for it by its own keys.
  void login(long session, Optional<byte[]> pin) throws FailedException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes =
          pin.isEmpty() ? MemorySegment.NULL : arena.allocateFrom(ValueLayout.JAVA_BYTE, pin.get());
      try {
        call(Function.LOGIN, ALREADY_LOGGED_IN, session, USER, bytes, bytes.byteSize());
      } finally {
        bytes.fill((byte) 0);
      }
    }
  }

  /// The objects with all these attributes.
  List<Long> find(long session, List<Attribute> wanted) throws FailedException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment template = arena.allocate(wanted.size() * STRUCT, POINTER);
      for (int i = 0; i < wanted.size(); i++) {
        Bytes value = wanted.get(i).value();
        setStruct(
            template.asSlice(i * STRUCT, STRUCT),
            wanted.get(i).type(),
            arena.allocateFrom(ValueLayout.JAVA_BYTE, value.toArray()));
      }
      call(Function.FIND_OBJECTS_INIT, OK, session, template, (long) wanted.size());
      try {
        MemorySegment found = arena.allocate(ULONG, OBJECTS_MAX);
        MemorySegment count = arena.allocate(ULONG);
        call(Function.FIND_OBJECTS, OK, session, found, (long) OBJECTS_MAX, count);
        List<Long> objects = new ArrayList<>();
        for (int i = 0; i < Math.min(count.get(ULONG, 0), OBJECTS_MAX); i++) {
          objects.add(found.getAtIndex(ULONG, i));
        }
        return objects;
      } finally {
        call(Function.FIND_OBJECTS_FINAL, OK, session);
      }
    }
  }

  /// Nothing where the object has no such attribute, or does not tell it.
  Optional<Bytes> attribute(long session, long object, long type) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(ATTRIBUTE_BYTES_MAX);
      MemorySegment template = arena.allocate(STRUCT, POINTER);
      setStruct(template, type, value);
      call(Function.GET_ATTRIBUTE_VALUE, OK, session, object, template, 1L);
      long size = template.get(ULONG, 2 * POINTER);
      return size < 0 || size > ATTRIBUTE_BYTES_MAX
          ? Optional.empty()
          : Optional.of(Bytes.owning(value.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE)));
    } catch (FailedException _) {
      return Optional.empty();
    }
  }

  Optional<Long> numberAttribute(long session, long object, long type) {
    return attribute(session, object, type)
        .filter(bytes -> bytes.size() == Long.BYTES)
        .map(
            bytes ->
                MemorySegment.ofArray(bytes.toArray()).get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
  }

  Bytes sign(long session, long key, Mechanism mechanism, Bytes data) throws FailedException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment how = arena.allocate(STRUCT, POINTER);
      Bytes parameter = mechanism.parameter();
      MemorySegment parameters = arena.allocate(Math.max(1, parameter.size()), POINTER);
      MemorySegment.copy(
          parameter.toArray(), 0, parameters, ValueLayout.JAVA_BYTE, 0, parameter.size());
      setStruct(
          how,
          mechanism.type(),
          parameter.isEmpty() ? MemorySegment.NULL : parameters.asSlice(0, parameter.size()));
      call(Function.SIGN_INIT, OK, session, how, key);
      MemorySegment input = arena.allocateFrom(ValueLayout.JAVA_BYTE, data.toArray());
      MemorySegment signature = arena.allocate(SIGNATURE_BYTES_MAX);
      MemorySegment size = arena.allocateFrom(ULONG, SIGNATURE_BYTES_MAX);
      call(Function.SIGN, OK, session, input, (long) data.size(), signature, size);
      long length = Math.clamp(size.get(ULONG, 0), 0, SIGNATURE_BYTES_MAX);
      return Bytes.owning(signature.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /// CK_ATTRIBUTE and CK_MECHANISM are laid out alike.
  private static void setStruct(MemorySegment struct, long type, MemorySegment value) {
    struct.set(ULONG, 0, type);
    struct.set(ValueLayout.ADDRESS, POINTER, value);
    struct.set(ULONG, 2 * POINTER, value.byteSize());
  }

  /// `harmless` is a code that will do beside success.
  private void call(Function function, long harmless, Object... arguments) throws FailedException {
    MemorySegment address = functions.get(ValueLayout.ADDRESS, POINTER * (1L + function.place));
    long code = invoke(address, arguments);
    if (code != OK && code != harmless) {
      throw new FailedException(function, code);
    }
  }

  /// The kinds of the arguments say the function's signature; all functions answer a CK_RV.
  @SuppressWarnings("restricted") // As in [#load].
  private static long invoke(MemorySegment address, Object... arguments) {
    MemoryLayout[] layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      layouts[i] =
          switch (arguments[i]) {
            case Long _ -> ULONG;
            case Byte _ -> ValueLayout.JAVA_BYTE;
            case MemorySegment _ -> ValueLayout.ADDRESS;
            default -> throw new IllegalArgumentException("no argument of C: " + arguments[i]);
          };
    }
    try {
      return (long)
          Linker.nativeLinker()
              .downcallHandle(address, FunctionDescriptor.of(ULONG, layouts))
              .invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of a native function failed in Java", e);
    }
  }
}
