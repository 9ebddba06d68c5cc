// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Request;
import dev.sealift.smp.Settings;
import dev.sealift.smp.SettingsError;
import java.util.Optional;

/// Group 3: settings, with Zephyr's bounds on names and values.
public record SettingsService(SettingsMemory memory) implements GroupHandler {
  static final int NAME_MAX = 32;
  static final int VALUE_MAX = 256;
  static final int SETTINGS_MAX = 64;

  @Override
  public Response handle(LinkId link, Request<?> request) {
    return switch (request) {
      case Settings.Read(var name, var sizeMax) -> read(name, sizeMax);
      case Settings.Write(var name, var value) -> write(name, value);
      case Settings.Delete(var name) ->
          named(
              name,
              () -> {
                memory.delete(name);
                return Response.nothing();
              });
      case Settings.Commit _ -> Response.nothing();
      case Settings.Load _ -> {
        memory.load();
        yield Response.nothing();
      }
      case Settings.Save(var below) -> {
        memory.save(below);
        yield Response.nothing();
      }
      default -> Response.notSupported();
    };
  }

  private Response read(String name, Optional<Long> sizeMax) {
    return named(
        name,
        () -> {
          Optional<Bytes> value = memory.value(name);
          if (value.isEmpty()) {
            return Response.refused(SettingsError.NOT_FOUND);
          }
          long wanted = sizeMax.orElse((long) VALUE_MAX);
          int size = (int) Math.min(Math.min(wanted, VALUE_MAX), value.get().size());
          return new Response.Done(
              new Settings.ReadReply(
                  value.get().first(size),
                  wanted > VALUE_MAX ? Optional.of((long) VALUE_MAX) : Optional.empty()));
        });
  }

  private Response write(String name, Bytes value) {
    if (value.size() > VALUE_MAX || name.isEmpty()) {
      return Response.refused(Answer.ResultCode.INVALID);
    }
    return named(
        name,
        () -> {
          if (memory.value(name).isEmpty() && memory.size() >= SETTINGS_MAX) {
            return Response.refused(SettingsError.NO_WRITE);
          }
          memory.set(name, value);
          return Response.nothing();
        });
  }

  private Response named(String name, java.util.function.Supplier<Response> then) {
    if (name.length() > NAME_MAX) {
      return Response.refused(SettingsError.KEY_TOO_LONG);
    }
    return memory.hasRootOf(name) ? then.get() : Response.refused(SettingsError.ROOT_NOT_FOUND);
  }
}
