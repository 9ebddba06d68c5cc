// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.smp.Answer;
import dev.sealift.smp.Os;
import dev.sealift.smp.OsError;
import dev.sealift.smp.server.GroupHandler.Response;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Optional;
import java.util.regex.Pattern;

/// The date and time of a server, as they were set; forgotten without power. It does not tick: this
/// room has no time of its own.
///
/// As Zephyr takes and tells them: 19 to 25 characters in, of which fraction and zone play no part,
/// and 19 out.
final class DeviceClock {
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withResolverStyle(ResolverStyle.STRICT);

  private static final int SIZE = 19;
  private static final int SIZE_MAX = 25;
  private static final int YEAR_MIN = 1900;
  private static final Pattern REST = Pattern.compile("(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?");

  private Optional<LocalDateTime> time = Optional.empty();

  Response read() {
    return time.<Response>map(set -> new Response.Done(new Os.DatetimeReply(FORM.format(set))))
        .orElseGet(() -> Response.refused(OsError.CLOCK_NOT_SET));
  }

  Response set(String text) {
    Optional<LocalDateTime> wanted = parsed(text);
    if (wanted.isEmpty()) {
      return Response.refused(Answer.ResultCode.INVALID);
    }
    time = wanted;
    return Response.nothing();
  }

  private static Optional<LocalDateTime> parsed(String text) {
    if (text.length() < SIZE
        || text.length() > SIZE_MAX
        || !REST.matcher(text.substring(SIZE)).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDateTime.parse(text.substring(0, SIZE), FORM))
          .filter(at -> at.getYear() >= YEAR_MIN);
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }
}
