// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;

/// One thing in which two images differ: where, and what stands there in each. A side that has
/// nothing there says `-`.
public record ImageDifference(String where, String left, String right) {
  /// Ranges of a payload that are told one by one; what is beyond is told in one.
  public static final int RANGES_MAX = 16;

  /// Equal bytes between two differing ranges that are not worth telling apart.
  private static final int GAP_MIN = 16;

  private static final int VALUE_SHOWN = 16;
  private static final String NOTHING = "-";

  /// In the order of the file; none when the files are the same.
  public static List<ImageDifference> between(Image left, Image right) {
    List<ImageDifference> all = new ArrayList<>();
    header(all, left.header(), right.header());
    ranges(all, "header fill", left.fill(), right.fill());
    ranges(all, "payload", left.payload(), right.payload());
    for (TlvArea.Kind kind : TlvArea.Kind.values()) {
      tlvs(all, kind, left, right);
    }
    ranges(all, "behind the image", left.rest(), right.rest());
    return all;
  }

  private static void header(List<ImageDifference> all, ImageHeader left, ImageHeader right) {
    compare(all, "byte order", left.order(), right.order());
    compare(all, "version", left.version(), right.version());
    compare(all, "flags", flags(left), flags(right));
    compare(all, "load address", address(left), address(right));
    compare(all, "header size", left.headerSize(), right.headerSize());
    compare(all, "payload size", left.imageSize(), right.imageSize());
    compare(all, "protected TLVs size", left.protectedSize(), right.protectedSize());
    compare(all, "reserved word", left.reserved(), right.reserved());
  }

  private static String flags(ImageHeader header) {
    return "0x%x".formatted(header.flags());
  }

  private static String address(ImageHeader header) {
    return "0x%08x".formatted(header.loadAddress());
  }

  private static void compare(List<ImageDifference> all, String where, Object left, Object right) {
    if (!left.equals(right)) {
      all.add(new ImageDifference(where, left.toString(), right.toString()));
    }
  }

  /// The first TLV of a type in one image is held against the first in the other, and so on.
  private static void tlvs(List<ImageDifference> all, TlvArea.Kind kind, Image left, Image right) {
    List<Tlv> mine = of(left, kind);
    List<Tlv> theirs = new ArrayList<>(of(right, kind));
    for (Tlv tlv : mine) {
      int at = 0;
      while (at < theirs.size() && theirs.get(at).type() != tlv.type()) {
        at++;
      }
      String where = kind.word() + " " + tlv.name();
      if (at == theirs.size()) {
        all.add(new ImageDifference(where, shown(tlv.value()), NOTHING));
        continue;
      }
      Tlv other = theirs.remove(at);
      if (!other.value().equals(tlv.value())) {
        all.add(new ImageDifference(where, shown(tlv.value()), shown(other.value())));
      }
    }
    for (Tlv tlv : theirs) {
      all.add(new ImageDifference(kind.word() + " " + tlv.name(), NOTHING, shown(tlv.value())));
    }
    if (mine.size() == of(right, kind).size()
        && types(mine).stream()
            .sorted()
            .toList()
            .equals(types(of(right, kind)).stream().sorted().toList())
        && !types(mine).equals(types(of(right, kind)))) {
      all.add(
          new ImageDifference(
              "order of the " + kind.word() + " TLVs", names(mine), names(of(right, kind))));
    }
  }

  private static List<Integer> types(List<Tlv> tlvs) {
    return tlvs.stream().map(Tlv::type).toList();
  }

  private static String names(List<Tlv> tlvs) {
    return String.join(" ", tlvs.stream().map(Tlv::name).toList());
  }

  private static List<Tlv> of(Image image, TlvArea.Kind kind) {
    return switch (kind) {
      case PROTECTED -> image.protectedArea().map(TlvArea::tlvs).orElse(List.of());
      case UNPROTECTED -> image.unprotectedArea().tlvs();
    };
  }

  private static String shown(Bytes value) {
    return value.size() <= VALUE_SHOWN
        ? value.toHex()
        : "%s… (%d bytes)".formatted(value.first(VALUE_SHOWN).toHex(), value.size());
  }

  private static void ranges(List<ImageDifference> all, String what, Bytes left, Bytes right) {
    int common = Math.min(left.size(), right.size());
    int told = 0;
    int differing = 0;
    int at = 0;
    while (at < common) {
      if (left.at(at) == right.at(at)) {
        at++;
        continue;
      }
      int end = endOfRange(left, right, at, common);
      if (told < RANGES_MAX) {
        all.add(
            new ImageDifference(
                "%s 0x%x to 0x%x".formatted(what, at, end - 1),
                shown(left.slice(at, end)),
                shown(right.slice(at, end))));
        told++;
      } else {
        differing++;
      }
      at = end;
    }
    if (differing > 0) {
      String more = "%d more ranges".formatted(differing);
      all.add(new ImageDifference(what, more, more));
    }
    if (left.size() != right.size()) {
      all.add(
          new ImageDifference(
              "%s from 0x%x".formatted(what, common),
              left.size() > common ? shown(left.from(common)) : NOTHING,
              right.size() > common ? shown(right.from(common)) : NOTHING));
    }
  }

  private static int endOfRange(Bytes left, Bytes right, int start, int common) {
    int end = start + 1;
    int equal = 0;
    for (int i = end; i < common && equal < GAP_MIN; i++) {
      if (left.at(i) == right.at(i)) {
        equal++;
      } else {
        equal = 0;
        end = i + 1;
      }
    }
    return end;
  }
}
