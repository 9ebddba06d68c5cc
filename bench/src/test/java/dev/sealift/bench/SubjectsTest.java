// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubjectsTest {
  private static final List<Subject> SUBJECTS = Subjects.all(new SecureRandom());

  /// Each run throws where a boot or a check does not end as it should.
  @Test
  void every_subject_can_be_run_again_and_again_beside_its_yardstick() {
    for (Subject subject : SUBJECTS) {
      for (Task task : List.of(subject.yardstick().work(), subject.work(), subject.work())) {
        task.prepare().run();
        assertThat(task.run().get()).as(subject.name()).isNotNull();
      }
    }
  }

  @Test
  void every_subject_has_a_name_of_its_own() {
    List<String> names = SUBJECTS.stream().map(Subject::name).toList();
    assertThat(new HashSet<>(names)).hasSameSizeAs(names);
  }
}
