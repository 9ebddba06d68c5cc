// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.ImageFlag;
import java.util.List;

/// A dump as a person reads it, to the byte as imgtool prints it.
final class DumpText {
  private static final int COLUMNS = 60;
  private static final String RULE = "#".repeat(COLUMNS);
  private static final String INDENT = " ".repeat(8);
  private static final int BYTES_A_LINE = 8;
  private static final int KEY_COLUMNS = 20;
  private static final long SWAP_SIZE_ERASED = 0xffff_ffffL;

  private final StringBuilder out = new StringBuilder();

  private DumpText() {}

  static String of(String name, Dump dump) {
    return new DumpText().write(name, dump);
  }

  private String write(String name, Dump dump) {
    line("Printing content of signed image: " + name + " ");
    line("");
    header(dump.header());
    long at = dump.header().headerSize();
    payload(at, dump.header().imageSize());
    at += dump.header().imageSize();
    if (dump.protectedArea().isPresent()) {
      area("Protected TLV area", at, dump.protectedArea().get());
    }
    area("TLV area", at + dump.header().protectedSize(), dump.area());
    dump.trailer().ifPresent(this::trailer);
    section("End of Image ");
    return out.toString();
  }

  private void header(Dump.Header header) {
    section("Image header (offset: 0x0)");
    field("magic", hex(header.magic()));
    field("load_addr", hex(header.loadAddress()));
    field("hdr_size", hex(header.headerSize()));
    field("protected_tlv_size", hex(header.protectedSize()));
    field("img_size", hex(header.imageSize()));
    field("flags", flags(header.flags()));
    field("version", header.version());
    line(RULE);
  }

  private void field(String name, String value) {
    line(name + ":" + " ".repeat(KEY_COLUMNS - 1 - name.length()) + value);
  }

  private static String flags(long flags) {
    if (flags == 0) {
      return hex(0);
    }
    List<String> names =
        ImageFlag.in(flags).stream()
            .map(flag -> flag.name() + " (" + hex(flag.mask()) + ")")
            .toList();
    return String.join("\n" + " ".repeat(KEY_COLUMNS), names);
  }

  private void payload(long offset, long size) {
    section("Payload (offset: " + hex(offset) + ")");
    String content = "FW image (size: " + hex(size) + " Bytes)";
    String empty = "|" + " ".repeat(COLUMNS - 2) + "|";
    int before = (COLUMNS - content.length()) / 2 - 1;
    line(empty);
    line(
        "|"
            + " ".repeat(before)
            + content
            + " ".repeat(COLUMNS - 2 - before - content.length())
            + "|");
    line(empty);
    line(RULE);
  }

  private void area(String name, long offset, Dump.Area area) {
    section(name + " (offset: " + hex(offset) + ")");
    line("magic:     " + hex(area.magic()));
    line("area size: " + hex(area.total()));
    if (area.entries().isEmpty()) {
      line("");
    }
    for (Dump.Entry entry : area.entries()) {
      line(INDENT + "-".repeat(45));
      line(INDENT + "type: " + entry.name() + " (" + hex(entry.type()) + ")");
      line(INDENT + "len:  " + hex(entry.value().size()));
      line(INDENT + "data: " + bytes(entry.value(), INDENT.length() + 6));
    }
    line(RULE);
  }

  private void trailer(Dump.Trailer trailer) {
    section("Image trailer (offset: unknown)");
    line("(Note: some fields may not be used, depending on the update ");
    line("strategy)");
    line("");
    line("swap status: (len: unknown)");
    line(
        "enc. keys:   "
            + trailer
                .cells()
                .flatMap(Dump.Cells::keysSize)
                .map(size -> "(len: " + hex(size) + ", if BOOT_SWAP_SAVE_ENCTLV is unset)")
                .orElse("Image not encrypted"));
    trailer
        .cells()
        .ifPresent(
            cells -> {
              line("swap size:   " + swapSize(cells.swapSize()));
              line("swap_info:   " + status(cells.swapInfo()));
              line("copy_done:   " + status(cells.copyDone()));
              line("image_ok:    " + status(cells.imageOk()));
            });
    line("boot magic:  " + bytes(trailer.magic(), 13));
    line("");
  }

  private static String swapSize(long size) {
    return size == SWAP_SIZE_ERASED ? "unknown" : hex(size) + " octal: " + size;
  }

  private static String status(int flag) {
    String word =
        switch (flag) {
          case 1 -> "SET";
          case 2 -> "BAD";
          case 3 -> "UNSET";
          case 4 -> "ANY";
          default -> "INVALID";
        };
    return word + " (" + hex(flag) + ")";
  }

  /// Each byte with a space behind it, eight in a line.
  private static String bytes(Bytes value, int indent) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < value.size(); i++) {
      if (i > 0 && i % BYTES_A_LINE == 0) {
        text.append('\n').append(" ".repeat(indent));
      }
      text.append("0x");
      text.append(Character.forDigit(value.at(i) >>> 4, 16));
      text.append(Character.forDigit(value.at(i) & 0xf, 16)).append(' ');
    }
    return text.toString();
  }

  private void section(String title) {
    String start = "#### " + title + " ";
    line(start + "#".repeat(Math.max(0, COLUMNS - start.length())));
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }
}
