// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import static dev.sealift.attacks.Row.agent;
import static dev.sealift.attacks.Row.row;

import dev.sealift.attacks.Attack.Strike;
import dev.sealift.boot.FlashSnapshot;
import dev.sealift.boot.ImageRefusal;
import dev.sealift.boot.PowerCut;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.permit.BlockTable;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Check;
import dev.sealift.permit.Refusal;
import dev.sealift.permit.Release;
import dev.sealift.permit.StateRecords;
import dev.sealift.permit.TrustState;
import dev.sealift.smp.Permits;
import dev.sealift.suit.SuitCommon;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitEnvelope;
import dev.sealift.suit.SuitManifest;
import dev.sealift.suit.cose.CoseKeyPair;
import dev.sealift.transport.DeviceSilentException;
import dev.sealift.update.Gate;
import dev.sealift.update.Wanted.Ending;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// Which bytes get into a device: foreign ones, changed ones, too many, in the wrong place.
final class ContentAttacks {
  private static final String STRANGER = "anyone in radio range";
  private static final String CABLE = "anyone with a programmer's cable";
  private static final String MALWARE = "malware on the device";
  private static final String PEER = "a peer with a genuine permit";
  private static final String DISTRIBUTOR = "a distributor or peer with a genuine release";

  private static final int PAGE = BlockTable.PAGE_BYTES;

  /// Somewhere in the second page of every image here.
  private static final int IN_SECOND_PAGE = 5_000;

  /// What no page of ours is filled with.
  private static final int BLANK = 0x55;

  /// More than a mark of two images takes.
  private static final int MARK_WRITES_MAX = 10;

  private static final int APP = 0;
  private static final int RADIO = 1;

  static final List<Attack> ALL =
      List.of(
          row("T01a", STRANGER, "uploads an image that they signed themselves, without any bundle")
              .does(scene -> List.of(scene.stranger().upload(scene.world().foreign().file())))
              .wants(Goals.released("the stranger's image", scene -> scene.world().foreign()))
              .refused(Refusal.R18, Check.PERMIT_REQUIRED),
          row(
                  "T01b",
                  STRANGER,
                  "brings a bundle for it that they signed themselves, and uploads the image")
              .does(Deeds.deliver(scene -> scene.world().foreign()))
              .wants(Goals.released("the stranger's image", scene -> scene.world().foreign()))
              .refused(Refusal.R3, Check.SIGNATURE),
          row(
                  "T01c",
                  CABLE,
                  "writes their image into the slot past the agent, marks it and restarts the"
                      + " device")
              .byCable((scene, cable) -> cable.installMarked(scene.world().foreign().file()))
              .does(scene -> List.of(scene.restart()))
              .wants(Goals.runs("the stranger's image", scene -> scene.world().foreign()))
              .ends(
                  new Outcome.RefusedAtBoot(ImageRefusal.SIGNATURE_MISSING),
                  Guard.OfBootloader.IMAGE_SIGNATURE),
          row("T02a", MALWARE, "changes one byte of the image between its last page and the mark")
              .after(Deeds::genuineUpload)
              .byCable((_, cable) -> cable.flip(IN_SECOND_PAGE))
              .does(scene -> List.of(scene.stranger().mark(scene.honest().hash())))
              .wants("a changed image is marked", Scene::isMarked)
              .refused(Refusal.R21, Check.IMAGE_DIGEST),
          row(
                  "T02b",
                  MALWARE,
                  "puts an image of its own in the place of the checked one before the mark")
              .after(Deeds::genuineUpload)
              .byCable(ContentAttacks::layLookalike)
              .does(
                  scene ->
                      List.of(
                          scene.stranger().mark(scene.honest().hash()),
                          scene.stranger().mark(scene.world().lookalike().hash()),
                          scene.stranger().reset()))
              .wants(Goals.runs("the malware's image", scene -> scene.world().lookalike()))
              .ends(
                  new Outcome.RefusedWith(Refusal.R21),
                  agent(Check.IMAGE_DIGEST),
                  Guard.OfBootloader.IMAGE_SIGNATURE),
          row("T02c", MALWARE, "does the same right after the mark, when the agent has looked")
              .after(Deeds.updated(Scene::honest, Ending.MARKED))
              .byCable(ContentAttacks::layLookalike)
              .does(scene -> List.of(scene.restart()))
              .wants(Goals.runs("the malware's image", scene -> scene.world().lookalike()))
              .ends(
                  new Outcome.RefusedAtBoot(ImageRefusal.SIGNATURE_MISSING),
                  Guard.OfBootloader.IMAGE_SIGNATURE),
          row("T03a", PEER, "sends noise of the right size under it, to wear the flash")
              .after(Deeds::genuinePermit)
              .does(scene -> List.of(scene.stranger().upload(scene.world().garbage())))
              .wants(Goals.inSlot("the noise", scene -> scene.world().garbage()))
              .refused(Refusal.R20, Check.BLOCK_DIGEST),
          row(
                  "T03b",
                  PEER,
                  "uploads their own image under it, of exactly the permitted size, and starts it")
              .after(Deeds::genuinePermit)
              .does(Deeds.uploadAndStart(scene -> scene.world().lookalike()))
              .wants(Goals.runs("the stranger's image", scene -> scene.world().lookalike()))
              .ends(
                  new Outcome.RefusedWith(Refusal.R20),
                  agent(Check.BLOCK_DIGEST),
                  agent(Check.IMAGE_DIGEST),
                  Guard.OfBootloader.IMAGE_SIGNATURE),
          row("T03c", PEER, "brings a block table that fits their noise")
              .after(
                  scene -> Deeds.taken(scene.stranger().bringBundle(scene.papers(scene.honest()))))
              .does(
                  scene -> {
                    Bytes noise = scene.world().garbage();
                    return List.of(
                        scene.stranger().bringTable(BlockTable.of(noise).digests()),
                        scene.stranger().upload(noise));
                  })
              .wants(Goals.inSlot("the noise", scene -> scene.world().garbage()))
              .refused(Refusal.R20, Check.BLOCK_DIGEST),
          row("T03d", PEER, "sends the genuine third page in the place of the second")
              .after(ContentAttacks::firstPageUploaded)
              .does(
                  scene -> {
                    Bytes file = shuffled(scene.honest().file());
                    return List.of(Chunks.of(file, PAGE, file.size()).sentBy(scene.stranger()));
                  })
              .wants(
                  Goals.inSlot(
                      "the third page in the second place",
                      scene -> behindFirstPage(shuffled(scene.honest().file()))))
              .refused(Refusal.R20, Check.BLOCK_DIGEST),
          row(
                  "T03e",
                  PEER,
                  "goes on with noise where somebody's upload was broken off after a page")
              .after(ContentAttacks::firstPageUploaded)
              .does(
                  scene -> {
                    // The same file to all appearances: the client itself says what its digest is.
                    Bytes noise = scene.world().garbage();
                    return List.of(
                        scene
                            .stranger()
                            .uploadCalling(
                                scene.honest().file().sha256(),
                                scene.honest().file().first(PAGE).plus(noise.from(PAGE))));
                  })
              .wants(Goals.inSlot("the noise", scene -> behindFirstPage(scene.world().garbage())))
              .refused(Refusal.R20, Check.BLOCK_DIGEST),
          row(
                  "T04a",
                  "malware with the external flash in its hands",
                  "swaps the stored bundle of an accepted release for its own while the image is"
                      + " on its way, and the note of which one it is")
              .after(Deeds::genuinePermit)
              .byCable(ContentAttacks::swapStagedBundle)
              .does(
                  scene -> {
                    scene.restart();
                    Edition own = scene.world().foreign();
                    return List.of(
                        scene.stranger().bringTable(own.table()),
                        scene.stranger().upload(own.file()));
                  })
              .wants(Goals.released("the malware's image", scene -> scene.world().foreign()))
              .refused(Refusal.R18, Check.SIGNATURE),
          row(
                  "T04b",
                  "a stranger beside an honest laptop",
                  "sends parts of another bundle between the parts of the laptop's")
              .does(scene -> List.of(interleaved(scene, scene.world().foreign())))
              .inPeace(scene -> List.of(interleaved(scene, scene.honest())))
              .wants(
                  "something else than the laptop's release is accepted",
                  scene -> !scene.known().equals(Optional.of(scene.honest().mark())))
              .ends(new Outcome.Harmless()),
          row("T05a", DISTRIBUTOR, "sends its image with a tail of 1 KiB behind it, and marks it")
              .after(Deeds::genuinePermit)
              .does(
                  scene -> {
                    Edition honest = scene.honest();
                    return List.of(
                        scene.stranger().upload(honest.file().plus(scene.world().tail())),
                        scene.stranger().mark(honest.hash()));
                  })
              .wants("the tail lies in a slot that is marked", ContentAttacks::tailIsMarked)
              .refused(Refusal.R19, Check.SIZE, Check.BLOCK_DIGEST, Check.IMAGE_DIGEST),
          row(
                  "T05b",
                  "a distributor with a programmer's cable",
                  "leaves a tail of 1 KiB in the slot, where the next image will end")
              .byCable(ContentAttacks::layTail)
              .does(
                  scene -> {
                    scene.updated(scene.honest(), Ending.MARKED);
                    return List.of(
                        new Encounter("upload and mark the honest release", new Reaction.Taken()));
                  })
              .wants("the tail lies in a slot that is marked", ContentAttacks::tailIsMarked)
              .ends(new Outcome.Harmless()),
          row(
                  "T05c",
                  "a distributor with a programmer's cable",
                  "lays the tail behind an image that is uploaded and not marked yet")
              .after(Deeds::genuineUpload)
              .byCable(ContentAttacks::layTail)
              .does(scene -> List.of(scene.stranger().mark(scene.honest().hash())))
              .wants("the tail lies in a slot that is marked", ContentAttacks::tailIsMarked)
              .refused(Refusal.R21, Check.IMAGE_DIGEST),
          row(
                  "T12a",
                  "the maker, by mistake",
                  "releases a file in Intel hex, well signed, and uploads it")
              .after(scene -> Deeds.permit(scene, hexEdition(scene)))
              .does(scene -> List.of(scene.stranger().upload(hexEdition(scene).file())))
              .wants(Goals.released("the hex file", ContentAttacks::hexEdition))
              .ends(new Outcome.Denied()),
          row(
                  "T12b",
                  "the maker, by mistake",
                  "releases a file that begins like an image and is none: it says that it is"
                      + " longer than it is")
              .after(scene -> Deeds.permit(scene, cutEdition(scene)))
              .does(scene -> List.of(scene.stranger().upload(cutEdition(scene).file())))
              .wants(Goals.released("what is no image", ContentAttacks::cutEdition))
              .refused(Refusal.R22, Check.FORMAT),
          row(
                  "T13a",
                  "anyone, or a mistake",
                  "uploads the radio's image, well released, as the application's")
              .on(Victim.TWO_IMAGES)
              .after(scene -> radioPermit(scene))
              .does(scene -> List.of(scene.stranger().upload(APP, radioOnly(scene).file())))
              .wants(
                  "the radio's image lies in the application's slot",
                  scene -> scene.holdsPageOf(APP, radioOnly(scene).file()))
              .refused(Refusal.R23, Check.COMPONENT, Check.BLOCK_DIGEST),
          row("T15a", CABLE, "changes one byte of the image that runs, and restarts the device")
              .byCable((_, cable) -> cable.flipPrimary(IN_SECOND_PAGE))
              .does(scene -> List.of(scene.restart()))
              .wants("a changed image runs", scene -> scene.device().isRunning())
              .repairedBy(ContentAttacks::flashFactory)
              .ends(
                  new Outcome.NotStarted(ImageRefusal.HASH_WRONG),
                  Guard.OfBootloader.PRIMARY_CHECK),
          row(
                  "T21a",
                  PEER,
                  "brings the new application and leaves the new radio out, and starts it")
              .on(Victim.TWO_IMAGES)
              .after(ContentAttacks::appUploaded)
              .does(ContentAttacks::startedApp)
              .wants(
                  "the new application runs with the old radio",
                  scene ->
                      scene.uses(APP, scene.honest().images().get(APP))
                          && scene.uses(RADIO, scene.catalogue().factory().get(RADIO)))
              .refused(Refusal.R21, Check.IMAGE_DIGEST, Check.COMPONENT),
          row(
                  "T21b",
                  PEER,
                  "brings the new application with an older genuine radio, and starts both")
              .on(Victim.TWO_IMAGES)
              .after(ContentAttacks::appUploaded)
              .does(
                  scene -> {
                    List<Encounter> encounters =
                        new ArrayList<>(
                            List.of(scene.stranger().upload(RADIO, scene.older().file(RADIO))));
                    encounters.addAll(startedApp(scene));
                    return encounters;
                  })
              .wants(
                  "the new application runs with the older radio",
                  scene ->
                      scene.uses(APP, scene.honest().images().get(APP))
                          && scene.uses(RADIO, scene.older().images().get(RADIO)))
              .refused(
                  Refusal.R19, Check.SIZE, Check.BLOCK_DIGEST, Check.IMAGE_DIGEST, Check.COMPONENT),
          row(
                  "T21c",
                  "whoever can cut the power",
                  "cuts it at every write of the mark, so that one image is marked and one is not")
              .on(Victim.TWO_IMAGES)
              .after(Deeds::genuineUpload)
              .does(scene -> List.of(cutAtEveryWrite(scene)))
              .wants(
                  "a new application stays with an old radio, or the other way round",
                  scene -> scene.counted("mixed") > 0)
              .ends(
                  new Outcome.Bounded(
                      "at no cut does a mix stay", scene -> scene.counted("mixed") == 0),
                  agent(Check.COMPONENT)),
          row("T22a", DISTRIBUTOR, "hangs a dependency of their own on a genuine envelope")
              .does(bring(ContentAttacks::withForeignDependency))
              .wants("it is accepted", scene -> scene.known().isPresent())
              .refused(Refusal.R2),
          row(
                  "T22b",
                  "a maker's release server, misused",
                  "has a release signed that depends on another manifest")
              .does(bring(ContentAttacks::dependent))
              .wants("it is accepted", scene -> scene.known().isPresent())
              .refused(Refusal.R2),
          row("T23a", PEER, "sends on and on, for as long as the device takes it")
              .after(Deeds::genuinePermit)
              .does(scene -> List.of(scene.stranger().upload(endless(scene))))
              .wants(
                  "more lies in the slot than was permitted",
                  scene -> {
                    int end = scene.honest().file().size();
                    return !scene
                        .secondary(APP)
                        .slice(end, end + PAGE)
                        .isFilledWith(scene.device().flash().geometry().erasedValue());
                  })
              .refused(Refusal.R19, Check.SIZE, Check.BLOCK_DIGEST),
          row("T23b", STRANGER, "announces a bundle of 64 KiB")
              .does(scene -> List.of(scene.stranger().bringBundle(Bytes.filled(0x1_0000, BLANK))))
              .wants("it is accepted", scene -> scene.known().isPresent())
              .refused(Refusal.R1),
          row("T23c", STRANGER, "sends more of a bundle than was announced")
              .does(
                  scene -> {
                    Bytes bundle = scene.honest().bundle().encode();
                    Attacker stranger = scene.stranger();
                    stranger.ask(
                        "announce 300 bytes",
                        new Permits.Bundle(0, bundle.first(200), Optional.of(300L)));
                    return List.of(
                        stranger.ask(
                            "send 200 more",
                            new Permits.Bundle(200, bundle.slice(200, 400), Optional.empty())));
                  })
              .wants("it is accepted", scene -> scene.known().isPresent())
              .refused(Refusal.R1),
          row("T23d", PEER, "sends a block table without end")
              .after(
                  scene -> Deeds.taken(scene.stranger().bringBundle(scene.papers(scene.honest()))))
              .does(scene -> List.of(scene.stranger().bringTable(Bytes.filled(16 * PAGE, BLANK))))
              .wants(
                  "the device wants the image",
                  scene -> scene.device().stage().equals(Optional.of(Gate.Stage.RECEIVING)))
              .refused(Refusal.R19),
          row("T23e", PEER, "sends on behind an upload that is whole")
              .after(Deeds::genuineUpload)
              .does(
                  scene ->
                      List.of(
                          scene
                              .stranger()
                              .chunk(scene.honest().file().size(), scene.world().tail())))
              .wants(
                  "it lies behind the image",
                  scene ->
                      scene
                          .secondary(APP)
                          .from(scene.honest().file().size())
                          .startsWith(scene.world().tail()))
              .ends(new Outcome.Denied()),
          row("T48a", PEER, "sends noise with the digest of the genuine file as its own")
              .after(Deeds::genuinePermit)
              .does(
                  scene ->
                      List.of(
                          scene
                              .stranger()
                              .uploadCalling(
                                  scene.honest().file().sha256(), scene.world().garbage())))
              .wants(Goals.inSlot("the noise", scene -> scene.world().garbage()))
              .refused(Refusal.R20, Check.BLOCK_DIGEST),
          row("T48b", "a tool that lies", "sends the genuine file with the digest of another one")
              .after(Deeds::genuinePermit)
              .does(
                  scene ->
                      List.of(
                          scene
                              .stranger()
                              .uploadCalling(
                                  scene.world().garbage().sha256(), scene.honest().file())))
              .inPeace(scene -> List.of(scene.stranger().upload(scene.honest().file())))
              .wants(
                  "the upload does not become whole",
                  scene -> !scene.device().stage().equals(Optional.of(Gate.Stage.STAGED)))
              .ends(new Outcome.Harmless()));

  private ContentAttacks() {}

  // Bytes.

  private static void layLookalike(Scene scene, Cable cable) {
    cable.lay(0, scene.world().lookalike().file());
  }

  private static void layTail(Scene scene, Cable cable) {
    cable.lay(scene.honest().file().size(), scene.world().tail());
  }

  private static boolean tailIsMarked(Scene scene) {
    return scene.isMarkedWith(scene.honest().file().size(), scene.world().tail());
  }

  /// The third page in the place of the second; of the same size.
  private static Bytes shuffled(Bytes file) {
    return file.first(PAGE).plus(file.from(2 * PAGE)).plus(file.slice(PAGE, 2 * PAGE));
  }

  /// For whoever looks for the pages behind the first.
  private static Bytes behindFirstPage(Bytes file) {
    return Bytes.filled(PAGE, BLANK).plus(file.from(PAGE));
  }

  private static void firstPageUploaded(Scene scene) throws IOException {
    Deeds.genuinePermit(scene);
    Deeds.taken(Chunks.of(scene.honest().file(), 0, PAGE).sentBy(scene.stranger()));
  }

  private static Bytes endless(Scene scene) {
    Bytes file = scene.honest().file();
    return file.plus(Bytes.filled(Shape.SLOT - file.size(), BLANK));
  }

  // What is stored.

  private static void swapStagedBundle(Scene scene, Cable cable) {
    Bytes storage = cable.storage();
    Bytes own = scene.world().foreign().bundle().encode();
    int at = find(storage, scene.honest().bundle().encode());
    cable.layStorage(
        at - 2, new ByteWriter(ByteOrder.LITTLE_ENDIAN).u16(own.size()).bytes(own).toBytes());
    int record = StateRecords.RECORD_BYTES;
    StateRecords.Found found =
        StateRecords.read(storage.first(record), storage.slice(record, 2 * record));
    if (found instanceof StateRecords.Found.Current(var state, _, _)) {
      StateRecords.Write write =
          StateRecords.next(found, staging(state, scene.world().foreign().digest()));
      cable.layStorage(write.place() == StateRecords.Place.FIRST ? 0 : record, write.record());
    }
  }

  private static TrustState staging(TrustState state, SuitDigest manifest) {
    return new TrustState(
        state.root(),
        state.known(),
        state.installed(),
        Optional.of(new TrustState.Staged(manifest, TrustState.Staged.Purpose.INSTALL)),
        state.news(),
        state.timeFloor(),
        state.serials(),
        state.denied(),
        state.tries());
  }

  private static int find(Bytes where, Bytes what) {
    for (int at = 0; at + what.size() <= where.size(); at++) {
      if (where.at(at) == what.at(0) && where.slice(at, at + what.size()).equals(what)) {
        return at;
      }
    }
    throw new IllegalStateException("the stored bundle is nowhere");
  }

  /// The laptop's bundle in parts, and after each of them one from the stranger for the same place.
  private static Encounter interleaved(Scene scene, Edition strangers) throws IOException {
    Bytes honest = scene.honest().bundle().encode();
    Bytes other = strangers.bundle().encode();
    int part = 150;
    Encounter last = new Encounter("bring a bundle in parts", new Reaction.Taken());
    for (int at = 0; at < honest.size(); at += part) {
      last =
          scene
              .laptop()
              .ask(
                  "bring a bundle in parts",
                  bundlePart(honest, at, Math.min(at + part, honest.size())));
      if (at < other.size() - part && !strangers.equals(scene.honest())) {
        scene.stranger().ask("bring parts of another", bundlePart(other, at, at + part));
      }
    }
    return last;
  }

  private static Permits.Bundle bundlePart(Bytes bundle, int from, int to) {
    return new Permits.Bundle(
        from,
        bundle.slice(from, to),
        from == 0 ? Optional.of((long) bundle.size()) : Optional.empty());
  }

  // Releases that ought not to be.

  private static Edition hexEdition(Scene scene) {
    return scene.world().made("hex", () -> raw(scene, Bytes.ofUtf8(":10000000".repeat(1_000))));
  }

  private static Edition cutEdition(Scene scene) {
    return scene.world().made("cut", () -> raw(scene, scene.honest().file().first(9_000)));
  }

  /// Any bytes, released by those who may, as somebody would who does not look.
  private static Edition raw(Scene scene, Bytes file) {
    Edition like = scene.catalogue().honest();
    Release.Part part = like.release().parts().getFirst();
    Release release =
        Release.of(
            new Release.Target(
                like.release().vendor(), like.release().deviceClass(), like.sequence()),
            like.release().version(),
            List.of(Release.Part.of(part.place(), file, part.imageHash(), part.securityCounter())));
    return Edition.ofFiles(release, List.of(file), scene.people().releaseQuorum());
  }

  private static Edition radioOnly(Scene scene) {
    return scene
        .world()
        .made("radio only", () -> scene.honest().only(RADIO, scene.people().releaseQuorum()));
  }

  private static void radioPermit(Scene scene) throws IOException {
    Edition radio = radioOnly(scene);
    Deeds.taken(scene.stranger().bringBundle(radio.bundle()));
    Deeds.taken(scene.stranger().bringTable(RADIO, radio.table()));
  }

  private static void appUploaded(Scene scene) throws IOException {
    Deeds.genuinePermit(scene);
    Deeds.taken(scene.stranger().upload(APP, scene.honest().file(APP)));
  }

  private static List<Encounter> startedApp(Scene scene) throws IOException {
    return List.of(scene.stranger().mark(scene.honest().hash(APP)), scene.stranger().reset());
  }

  /// From the same staged device each time: the power goes at one write of the mark further on, and
  /// comes back for good.
  private static Encounter cutAtEveryWrite(Scene scene) throws IOException {
    FlashSnapshot staged = scene.device().flash().snapshot();
    List<Encounter> encounters = new ArrayList<>();
    for (int cut = 0; cut < MARK_WRITES_MAX; cut++) {
      scene.device().flash().restore(staged);
      scene.restart();
      for (int part = 0; part < 2; part++) {
        Deeds.taken(scene.stranger().bringTable(part, scene.honest().table(part)));
      }
      scene.device().flash().powerUpUntil(PowerCut.before(cut));
      try {
        scene.stranger().mark(scene.honest().hash(APP));
      } catch (DeviceSilentException _) {
        // That was the power.
      }
      encounters.add(scene.restart());
      // What is on trial looks at itself, and whatever comes of it comes at the next start.
      scene.restart();
      boolean newApp = scene.uses(APP, scene.honest().images().get(APP));
      boolean newRadio = scene.uses(RADIO, scene.honest().images().get(RADIO));
      if (newApp != newRadio) {
        scene.count("mixed", 1);
      }
    }
    return new Encounter("cut the power at each write", Reaction.Many.of(encounters));
  }

  private static Strike bring(Function<Scene, Bundle> bundle) {
    return scene -> List.of(scene.stranger().bringBundle(bundle.apply(scene)));
  }

  private static Bundle withForeignDependency(Scene scene) {
    SuitEnvelope genuine = scene.honest().envelope();
    SuitEnvelope hung =
        new SuitEnvelope(
            genuine.digestBytes(),
            genuine.blocks(),
            genuine.manifestBytes(),
            genuine.severed(),
            new TreeMap<>(Map.of("#dependency", scene.world().foreign().envelope().encode())));
    return Bundle.of(hung);
  }

  private static Bundle dependent(Scene scene) {
    SuitManifest manifest = scene.honest().release().manifest();
    SuitManifest depending =
        new SuitManifest(
            manifest.sequenceNumber(),
            new SuitCommon(
                new TreeMap<>(Map.of(9L, Optional.empty())),
                manifest.common().components(),
                manifest.common().shared()),
            manifest.referenceUri(),
            manifest.componentId(),
            manifest.version(),
            manifest.sections(),
            manifest.coswid(),
            manifest.text());
    SuitEnvelope envelope = SuitEnvelope.unsigned(depending);
    for (CoseKeyPair signer : scene.people().releaseQuorum()) {
      envelope = envelope.signedBy(signer);
    }
    return Bundle.of(envelope);
  }

  private static void flashFactory(Scene scene) {
    scene
        .device()
        .flash()
        .lay(
            scene.device().setup().boot().area(Slot.PRIMARY).start(),
            scene.catalogue().factory().get(APP).write());
    scene.restart();
  }
}
