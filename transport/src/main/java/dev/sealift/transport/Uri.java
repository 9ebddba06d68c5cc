// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.MalformedException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A target taken apart: `SCHEME://PLACE?NAME=VALUE&…`. More lenient than `java.net.URI`, which
/// takes neither a Bluetooth address nor a name with a space in it.
record Uri(String text, String scheme, String place, Map<String, String> parameters) {
  static final int BAUD_DEFAULT = 115_200;
  static final int BAUD_MIN = 300;
  static final int BAUD_MAX = 20_000_000;

  private static final int TEXT_MAX = 4096;

  /// A host and a port.
  record Authority(String host, int port) {}

  static Uri parse(String text) throws MalformedException {
    int scheme = text.indexOf("://");
    if (scheme < 1 || text.length() > TEXT_MAX || text.indexOf('#') >= 0) {
      throw noTarget(text, "udp://HOST:PORT, serial:///dev/PORT or the like");
    }
    String rest = text.substring(scheme + 3);
    int query = rest.indexOf('?');
    Map<String, String> parameters = new LinkedHashMap<>();
    if (query >= 0) {
      for (String one : rest.substring(query + 1).split("&", -1)) {
        int equals = one.indexOf('=');
        if (equals < 1
            || equals == one.length() - 1
            || parameters.putIfAbsent(
                    one.substring(0, equals), decoded(text, one.substring(equals + 1)))
                != null) {
          throw noTarget(text, "NAME=VALUE once each behind the '?'");
        }
      }
    }
    String place = query < 0 ? rest : rest.substring(0, query);
    return new Uri(text, text.substring(0, scheme), place, parameters);
  }

  private static String decoded(String text, String part) throws MalformedException {
    try {
      // A plus is a plus; only forms on web pages mean a space by it.
      return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw noTarget(text, "two hexadecimal digits behind each '%'");
    }
  }

  /// So that it parses to the same again.
  static String encoded(String place) {
    return URLEncoder.encode(place, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%2F", "/")
        .replace("%3A", ":");
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name));
  }

  /// What a wire has no use for was meant for something else.
  void onlyParameters(String... known) throws MalformedException {
    for (String name : parameters.keySet()) {
      if (!Arrays.asList(known).contains(name)) {
        throw new MalformedException(
            "'%s' knows no %s%s"
                .formatted(
                    text, name, known.length == 0 ? "" : ", only " + String.join(", ", known)),
            0);
      }
    }
  }

  /// `HOST`, `HOST:PORT`, or the same with an IPv6 address in brackets.
  Authority authority(String expected) throws MalformedException {
    boolean literal = place.startsWith("[");
    int hostEnd = literal ? place.indexOf(']') : place.indexOf(':');
    String host = literal ? place.substring(1, Math.max(1, hostEnd)) : untilColon(hostEnd);
    String behind = hostEnd < 0 ? "" : place.substring(literal ? hostEnd + 1 : hostEnd);
    if (!isHost(host, literal) || (literal && hostEnd < 0)) {
      throw wrong(expected);
    }
    if (behind.isEmpty() || behind.equals(":")) {
      return new Authority(host, Target.PORT_DEFAULT);
    }
    if (!behind.matches(":[0-9]{1,5}")) {
      throw wrong(expected);
    }
    int port = Integer.parseInt(behind.substring(1));
    if (port < 1 || port > 0xffff) {
      throw wrong(expected);
    }
    return new Authority(host, port);
  }

  private String untilColon(int colon) {
    return colon < 0 ? place : place.substring(0, colon);
  }

  private static boolean isHost(String host, boolean literal) {
    return host.matches(literal ? "[0-9A-Fa-f:.]+(%[\\w.-]+)?" : "[\\w.-]+");
  }

  /// A port as the system names it. Windows' names have no slash: `serial://COM3`.
  String device() throws MalformedException {
    onlyParameters("baud");
    if (place.isEmpty() || place.equals("/")) {
      throw wrong(scheme + ":///dev/PORT");
    }
    return decoded(text, place);
  }

  /// A name with anything in it; a slash must be written as `%2F`, so that none is one by mistake.
  String name(String expected) throws MalformedException {
    if (place.indexOf('/') >= 0) {
      throw wrong(expected);
    }
    String name = decoded(text, place);
    if (name.isBlank()) {
      throw wrong(expected);
    }
    return name;
  }

  int baud() throws MalformedException {
    Optional<String> told = parameter("baud");
    if (told.isEmpty()) {
      return BAUD_DEFAULT;
    }
    if (!told.get().matches("[0-9]{1,8}")) {
      throw wrong("baud=N");
    }
    int baud = Integer.parseInt(told.get());
    if (baud < BAUD_MIN || baud > BAUD_MAX) {
      throw wrong("baud=%d to %d".formatted(BAUD_MIN, BAUD_MAX));
    }
    return baud;
  }

  MalformedException wrong(String expected) {
    return noTarget(text, expected);
  }

  private static MalformedException noTarget(String text, String expected) {
    return new MalformedException("'%s' is no target, expected %s".formatted(text, expected), 0);
  }
}
