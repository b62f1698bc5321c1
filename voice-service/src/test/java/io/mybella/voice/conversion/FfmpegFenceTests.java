package io.mybella.voice.conversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mybella.voice.inspection.MalformedSoundException;
import io.mybella.voice.inspection.SampleType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** What a program may do that a file has taken over: a script stands in for it. */
@EnabledOnOs(OS.LINUX)
class FfmpegFenceTests {

  /** The last argument without the scheme: where the result is expected. */
  private static final String TO = "for to; do :; done; to=${to#file:}; ";

  @TempDir Path folder;

  @Test
  void itSeesNoEnvironmentAndWorksWithinLimitsInAFolderThatIsGoneAfterwards() throws Exception {
    String seen =
        new String(toMp3(TO + "{ pwd; env; ulimit -a; } > \"$to\""), StandardCharsets.UTF_8);

    Path worked = Path.of(seen.lines().findFirst().orElseThrow());
    assertThat(worked.getFileName().toString()).startsWith("mybella-sample");
    assertThat(worked).doesNotExist();
    assertThat(seen.lines().skip(1).takeWhile(line -> line.contains("=")))
        .as("what a shell sets itself")
        .allMatch(line -> line.matches("(PWD|OLDPWD|SHLVL|_)=.*"));
    assertThat(seen.lines().skip(1).filter(line -> !line.contains("=")))
        .anyMatch(line -> line.matches("(time|cpu time).* 2"))
        .anyMatch(line -> line.matches("(vmemory|virtual memory).* 262144"))
        .anyMatch(line -> line.matches("file.* 8192"))
        .anyMatch(line -> line.matches("core.* 0"));
  }

  @Test
  void itIsToldToOpenNothingButItsFilesAndToReadOneFormat() throws Exception {
    List<String> told =
        new String(toMp3(TO + "printf '%s\\n' \"$@\" > \"$to\""), StandardCharsets.UTF_8)
            .lines()
            .toList();

    assertThat(told)
        .containsSubsequence("-protocol_whitelist", "file", "-f", "matroska", "-codec_whitelist")
        .contains("-nostdin", "-map", "0:a:0")
        .doesNotContain("http", "pipe");
    assertThat(told.getLast()).startsWith("file:/");
  }

  @Test
  void whatGoesOnForLongerThanItMayIsEnded() throws Exception {
    Path pid = folder.resolve("pid");

    assertThatIOException()
        .isThrownBy(() -> toMp3("echo $$ > " + pid + "; exec sleep 600"))
        .withMessageContaining("took longer");

    long id = Long.parseLong(Files.readString(pid).strip());
    assertThat(ProcessHandle.of(id)).isEmpty();
  }

  @Test
  void whatComputesForLongerThanItMayIsEnded() {
    assertThatExceptionOfType(MalformedSoundException.class)
        .isThrownBy(() -> toMp3("while :; do :; done", Duration.ofSeconds(1), 40))
        .withMessageContaining("status");
  }

  @Test
  void whatWritesMoreThanItMayIsEnded() {
    assertThatExceptionOfType(MalformedSoundException.class)
        .isThrownBy(() -> toMp3(TO + "exec head -c 20000000 /dev/zero > \"$to\""))
        .withMessageContaining("ended with status");
  }

  @Test
  void whatTakesMoreMemoryThanItMayIsEnded() {
    assertThatExceptionOfType(MalformedSoundException.class)
        .isThrownBy(() -> toMp3("exec sort -S 1500M --parallel=1 /dev/zero"))
        .withMessageContaining("ended with status");
  }

  @Test
  void nothingMadeOfAFileIsARefusal() {
    for (String script : List.of("exit 0", "exit 1", TO + ": > \"$to\"")) {
      assertThatExceptionOfType(MalformedSoundException.class).isThrownBy(() -> toMp3(script));
    }
  }

  @Test
  void aProgramThatIsGoneIsAFaultOfThisSide() throws IOException {
    Ffmpeg ffmpeg = ffmpeg(script("exit 0"), Duration.ofSeconds(2));
    Files.delete(folder.resolve("ffmpeg"));

    assertThatIOException()
        .isThrownBy(() -> ffmpeg.toMp3(new byte[1], SampleType.WEBM))
        .withMessageContaining("cannot be started");
  }

  @Test
  void aSettingThatNamesNoProgramEndsTheStart() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ffmpeg("/nowhere/ffmpeg", Duration.ofSeconds(2)))
        .withMessageContaining("/nowhere/ffmpeg");
    assertThat(ffmpeg("off", Duration.ofSeconds(2)).isThere()).isFalse();
  }

  private byte[] toMp3(String script) throws Exception {
    return ffmpeg(script(script), Duration.ofSeconds(2)).toMp3(new byte[1000], SampleType.WEBM);
  }

  /** With more time on the clock than of the processor. */
  private void toMp3(String script, Duration processor, int clockSeconds) throws Exception {
    String limited = "ulimit -t " + processor.toSeconds() + "; " + script;
    ffmpeg(script(limited), Duration.ofSeconds(clockSeconds))
        .toMp3(new byte[1000], SampleType.WEBM);
  }

  private static Ffmpeg ffmpeg(String program, Duration timeout) {
    return new Ffmpeg(new FfmpegProperties(program, timeout, DataSize.ofMegabytes(256)));
  }

  private String script(String content) throws IOException {
    Path script = folder.resolve("ffmpeg");
    Files.writeString(script, "#!/bin/sh\n" + content + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script.toString();
  }
}
