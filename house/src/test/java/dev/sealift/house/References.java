// SPDX-License-Identifier: Apache-2.0
package dev.sealift.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What one class file names: the classes, and the members it calls, as `owner.name` and
/// with their descriptor behind it. Array classes count as their element.
record References(String name, Set<String> classes, Set<String> members, Set<String> annotations) {
  static References of(byte[] classFile) {
    ClassModel model = ClassFile.of().parse(classFile);
    Set<String> classes = new TreeSet<>();
    Set<String> members = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      switch (entry) {
        case ClassEntry named -> classes.add(element(named.asInternalName()));
        case MemberRefEntry member -> {
          String called =
              element(member.owner().asInternalName()) + "." + member.name().stringValue();
          members.add(called);
          members.add(called + member.type().stringValue());
        }
        default -> {}
      }
    }
    Set<String> annotations = new TreeSet<>();
    model
        .findAttribute(Attributes.runtimeVisibleAnnotations())
        .ifPresent(
            found -> {
              for (Annotation annotation : found.annotations()) {
                annotations.add(annotation.className().stringValue());
              }
            });
    return new References(model.thisClass().asInternalName(), classes, members, annotations);
  }

  /// The classes of a room: `target/classes` or `target/test-classes`.
  static List<References> in(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .filter(file -> !file.endsWith("module-info.class"))
          .map(References::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static References read(Path file) {
    try {
      return of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String element(String internalName) {
    String name = internalName;
    while (name.startsWith("[")) {
      name = name.substring(1);
    }
    return name.startsWith("L") && name.endsWith(";") ? name.substring(1, name.length() - 1) : name;
  }
}
