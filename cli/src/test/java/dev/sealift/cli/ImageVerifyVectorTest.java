// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.bytes.cbor.Json;
import dev.sealift.testkit.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The recorded hostile images and their controls, judged by the command: what the vectors know of
/// a device goes into the options of `image verify` one to one.
class ImageVerifyVectorTest {
  private static final Vectors VECTORS = Vectors.of("mcuboot");

  private final Map<String, Integer> counts = new TreeMap<>();
  private final List<String> wrong = new ArrayList<>();

  @Test
  void every_hostile_image_is_refused_and_every_control_accepted() throws MalformedException {
    CborFields root = CborFields.of(VECTORS.json("vectors.json"), "vectors");
    for (CborItem item : root.list("hostile")) {
      judge(root, CborFields.of(item, "hostile"));
    }
    System.out.println("image verify over the hostile vectors");
    counts.forEach((what, count) -> System.out.println("  %-30s %4d".formatted(what, count)));
    assertThat(wrong).isEmpty();
  }

  private void judge(CborFields root, CborFields hostile) throws MalformedException {
    List<String> args = new ArrayList<>(List.of("image", "verify", "--json", "--key"));
    args.add(keyFile(root, hostile.text("trusted_key")));
    Optional<String> device = hostile.optionalText("encryption_key");
    if (device.isPresent()) {
      args.addAll(List.of("--decrypt", keyFile(root, device.get())));
    }
    Optional<CborItem> context = hostile.item(new CborText("context"));
    if (context.isPresent() && context.get() instanceof CborMap) {
      args.addAll(options(CborFields.of(context.get(), "context")));
    }
    args.add(VECTORS.folder().resolve(hostile.text("file")).toString());
    Typed answer = type(args);
    String verdict = answer.exit() == 0 ? "accept" : "reject";
    String required = hostile.text("required_verdict");
    counts.merge(
        "%s %s: %s".formatted(hostile.text("strength"), required, verdict), 1, Integer::sum);
    if (!required.equals("either") && !required.equals(verdict)) {
      wrong.add(hostile.text("name") + ": " + verdict + ", " + answer.out());
    }
    CborFields said = CborFields.of(Json.read(answer.out().strip()), "answer");
    assertThat(said.text("verdict")).isEqualTo(verdict);
    if (verdict.equals("reject")) {
      assertThat(said.text("reason")).matches("[a-z-]+");
      assertThat(said.text("sentence")).isNotBlank().doesNotContain("Exception");
    }
  }

  private static Typed type(List<String> args) {
    return Typed.type(args.toArray(String[]::new));
  }

  private static String keyFile(CborFields root, String name) throws MalformedException {
    CborFields keys = CborFields.of(root.required(new CborText("keys")), "keys");
    CborFields key = CborFields.of(keys.required(new CborText(name)), name);
    return VECTORS.folder().resolve(key.text("file")).toString();
  }

  private static List<String> options(CborFields facts) throws MalformedException {
    List<String> options = new ArrayList<>();
    for (CborItem name : facts.map().entries().keySet()) {
      String fact = ((CborText) name).value();
      switch (fact) {
        case "installed_version" -> add(options, "--installed-version", facts.text(fact));
        case "stored_security_counter" -> add(options, "--counter", facts.integer(fact));
        // A device that has stored one wants one.
        case "security_counter_required" -> {}
        case "images" -> {
          CborFields images = CborFields.of(facts.required(name), fact);
          for (CborItem number : images.map().entries().keySet()) {
            String image = ((CborText) number).value();
            add(options, "--has", image + ":" + images.text(image));
          }
        }
        case "slot_address" -> add(options, "--slot-address", facts.integer(fact));
        case "exec_ram_start" ->
            add(options, "--ram", facts.integer(fact) + ":" + facts.integer("exec_ram_size"));
        case "primary_slot_address" ->
            add(
                options,
                "--reset-in",
                facts.integer(fact) + ":" + facts.integer("primary_slot_size"));
        case "exec_ram_size", "primary_slot_size" -> {}
        case "slot_size" -> add(options, "--slot-size", facts.integer(fact));
        case "align" -> add(options, "--align", facts.integer(fact));
        case "max_sectors" -> add(options, "--max-sectors", facts.integer(fact));
        case "mode" -> add(options, "--mode", facts.text(fact));
        case "device_vendor_id" -> add(options, "--vid", facts.text(fact));
        case "device_class_id" -> add(options, "--cid", facts.text(fact));
        case "device_key_bits" -> add(options, "--content-key-bits", facts.integer(fact));
        // In words what the other facts are for.
        case "policy" -> {}
        default -> throw new AssertionError("no option for " + fact);
      }
    }
    return options;
  }

  private static void add(List<String> options, String option, Object value) {
    options.add(option);
    options.add(value.toString());
  }
}
