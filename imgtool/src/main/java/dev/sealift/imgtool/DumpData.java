// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import dev.sealift.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A dump for machines, in JSON or YAML, laid out as imgtool's.
final class DumpData {
  /// One value of the two languages.
  private sealed interface Node {
    record Fields(Map<String, Node> fields) implements Node {}

    record Items(List<Node> items) implements Node {}

    record Whole(long value) implements Node {}

    record Text(String text) implements Node {}

    record Raw(Bytes bytes) implements Node {}
  }

  private static final String STEP = "  ";

  /// What both readers of YAML take for text without quotes.
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./+-]*");

  private static final Pattern WORD_OF_YAML =
      Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null");

  private DumpData() {}

  static String json(String name, Dump dump) {
    StringBuilder out = new StringBuilder();
    json(tree(name, dump), "\n", out);
    return out.toString();
  }

  static String yaml(String name, Dump dump) {
    StringBuilder out = new StringBuilder();
    yamlFields((Node.Fields) tree(name, dump), "", "", out);
    return out.toString();
  }

  private static Node tree(String name, Dump dump) {
    Dump.Header header = dump.header();
    Map<String, Node> headerFields = new LinkedHashMap<>();
    headerFields.put("magic", new Node.Whole(header.magic()));
    headerFields.put("load_addr", new Node.Whole(header.loadAddress()));
    headerFields.put("hdr_size", new Node.Whole(header.headerSize()));
    headerFields.put("protected_tlv_size", new Node.Whole(header.protectedSize()));
    headerFields.put("img_size", new Node.Whole(header.imageSize()));
    headerFields.put("flags", new Node.Whole(header.flags()));
    headerFields.put("version", new Node.Text(header.version()));
    Map<String, Node> area = new LinkedHashMap<>();
    area.put("tlv_hdr_prot", dump.protectedArea().map(DumpData::head).orElse(none()));
    area.put(
        "tlvs_prot", dump.protectedArea().map(DumpData::entries).orElse(new Node.Items(List.of())));
    area.put("tlv_hdr", head(dump.area()));
    area.put("tlvs", entries(dump.area()));
    Map<String, Node> fields = new LinkedHashMap<>();
    fields.put("filename", new Node.Text(name));
    fields.put("header", new Node.Fields(headerFields));
    fields.put("tlv_area", new Node.Fields(area));
    fields.put("trailer", dump.trailer().map(DumpData::trailer).orElse(none()));
    return new Node.Fields(fields);
  }

  private static Node none() {
    return new Node.Fields(Map.of());
  }

  private static Node head(Dump.Area area) {
    Map<String, Node> fields = new LinkedHashMap<>();
    fields.put("magic", new Node.Whole(area.magic()));
    fields.put("tlv_tot", new Node.Whole(area.total()));
    return new Node.Fields(fields);
  }

  private static Node entries(Dump.Area area) {
    return new Node.Items(area.entries().stream().map(DumpData::entry).toList());
  }

  private static Node entry(Dump.Entry entry) {
    Map<String, Node> fields = new LinkedHashMap<>();
    fields.put("type", new Node.Whole(entry.type()));
    fields.put("type_name", new Node.Text(entry.name()));
    fields.put("len", new Node.Whole(entry.value().size()));
    fields.put("data", new Node.Raw(entry.value()));
    return new Node.Fields(fields);
  }

  private static Node trailer(Dump.Trailer trailer) {
    Map<String, Node> fields = new LinkedHashMap<>();
    fields.put("magic", new Node.Raw(trailer.magic()));
    trailer
        .cells()
        .ifPresent(
            cells -> {
              fields.put("image_ok", new Node.Whole(cells.imageOk()));
              fields.put("copy_done", new Node.Whole(cells.copyDone()));
              fields.put("swap_info", new Node.Whole(cells.swapInfo()));
              fields.put("swap_size", new Node.Whole(cells.swapSize()));
              cells.keysSize().ifPresent(size -> fields.put("key_field_len", new Node.Whole(size)));
            });
    return new Node.Fields(fields);
  }

  private static void json(Node node, String newLine, StringBuilder out) {
    switch (node) {
      case Node.Whole(var value) -> out.append(value);
      case Node.Text(var text) -> quoted(text, out);
      case Node.Raw(var bytes) -> out.append('"').append(bytes.toHex()).append('"');
      case Node.Fields(var fields) -> {
        String before = newLine + STEP;
        out.append('{');
        String comma = "";
        for (var field : fields.entrySet()) {
          out.append(comma).append(before);
          quoted(field.getKey(), out);
          out.append(": ");
          json(field.getValue(), before, out);
          comma = ",";
        }
        out.append(fields.isEmpty() ? "}" : newLine + "}");
      }
      case Node.Items(var items) -> {
        String before = newLine + STEP;
        out.append('[');
        String comma = "";
        for (Node item : items) {
          out.append(comma).append(before);
          json(item, before, out);
          comma = ",";
        }
        out.append(items.isEmpty() ? "]" : newLine + "]");
      }
    }
  }

  /// In double quotes, all beyond ASCII escaped: the same in JSON and in YAML.
  private static void quoted(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c >= ' ' && c < 0x7f) {
            out.append(c);
          } else {
            out.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
              out.append(Character.forDigit(c >>> shift & 0xf, 16));
            }
          }
        }
      }
    }
    out.append('"');
  }

  /// `first` stands before the first line, `indent` before the others.
  private static void yamlFields(Node.Fields node, String first, String indent, StringBuilder out) {
    String before = first;
    for (var field : node.fields().entrySet()) {
      out.append(before).append(field.getKey()).append(':');
      yamlValue(field.getValue(), indent, out);
      before = indent;
    }
  }

  private static void yamlValue(Node node, String indent, StringBuilder out) {
    switch (node) {
      case Node.Whole(var value) -> out.append(' ').append(value).append('\n');
      case Node.Text(var text) -> {
        out.append(' ');
        yamlText(text, out);
        out.append('\n');
      }
      case Node.Raw(var bytes) -> yamlBytes(bytes, indent + STEP, out);
      case Node.Fields fields -> {
        if (fields.fields().isEmpty()) {
          out.append(" {}\n");
        } else {
          out.append('\n');
          yamlFields(fields, indent + STEP, indent + STEP, out);
        }
      }
      case Node.Items(var items) -> {
        out.append(items.isEmpty() ? " []\n" : "\n");
        for (Node item : items) {
          yamlFields((Node.Fields) item, indent + "- ", indent + STEP, out);
        }
      }
    }
  }

  private static void yamlText(String text, StringBuilder out) {
    boolean version = text.matches("[0-9]+\\.[0-9]+\\.[0-9]+\\+[0-9]+");
    if (version || (PLAIN.matcher(text).matches() && !WORD_OF_YAML.matcher(text).matches())) {
      out.append(text);
    } else {
      quoted(text, out);
    }
  }

  private static void yamlBytes(Bytes bytes, String indent, StringBuilder out) {
    if (bytes.isEmpty()) {
      out.append(" !!binary \"\"\n");
      return;
    }
    Base64.Encoder encoder = Base64.getMimeEncoder(76, "\n".getBytes(StandardCharsets.US_ASCII));
    out.append(" !!binary |\n");
    for (String line : encoder.encodeToString(bytes.toArray()).split("\n", -1)) {
      out.append(indent).append(line).append('\n');
    }
  }
}
