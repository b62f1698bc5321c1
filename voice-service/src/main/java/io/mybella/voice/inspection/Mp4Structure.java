package io.mybella.voice.inspection;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * MPEG-4 audio: nested boxes with a length each. Only sound tracks are accepted, and only when
 * their data lies in this file. How long they are is told in many places, none of which proves it.
 * (ISO 14496-12, 4.2, 8.4.3, 8.7.2)
 */
final class Mp4Structure {

  private static final Set<String> WITH_BOXES = Set.of("moov", "trak", "mdia", "minf", "dinf");
  private static final int DEEPEST = 8;

  private final Bytes file;
  private boolean samples;
  private boolean sound;

  private Mp4Structure(Bytes file) {
    this.file = file;
  }

  static void check(Bytes file) throws MalformedSoundException {
    if (!file.has(4, "ftyp")) {
      throw new MalformedSoundException("MP4 without its type");
    }
    Mp4Structure structure = new Mp4Structure(file);
    structure.walk(0, file.length(), 0);
    if (!structure.samples || !structure.sound) {
      throw new MalformedSoundException("MP4 without sound");
    }
  }

  private void walk(int from, int to, int depth) throws MalformedSoundException {
    if (depth > DEEPEST) {
      throw new MalformedSoundException("MP4 boxes nested too deep");
    }
    long at = from;
    while (at + 8 <= to) {
      int box = (int) at;
      long size = file.u32(box);
      int header = 8;
      if (size == 1) {
        size = file.i64(box + 8);
        header = 16;
      } else if (size == 0) {
        size = to - at;
      }
      if (size < header || size > to - at) {
        throw new MalformedSoundException("MP4 box longer than what holds it");
      }
      look(box + header, (int) (at + size), typeOf(box), depth);
      at += size;
    }
    if (at != to) {
      throw new MalformedSoundException("bytes after the last MP4 box");
    }
  }

  private void look(int from, int to, String type, int depth) throws MalformedSoundException {
    switch (type) {
      case "mdat" -> samples |= to > from;
      case "hdlr" -> {
        if (file.has(from + 8, "vide")) {
          throw new MalformedSoundException("MP4 with pictures");
        }
        sound |= file.has(from + 8, "soun");
      }
      case "dref" -> {
        // Each entry: length, type, version, three bytes of flags; 1 means "in this file".
        int entry = from + 8;
        while (entry + 12 <= to) {
          if (file.u24(entry + 9) != 1) {
            throw new MalformedSoundException("MP4 that refers to another file");
          }
          entry += (int) Math.max(12, Math.min(file.u32(entry), file.length()));
        }
      }
      default -> {
        if (WITH_BOXES.contains(type)) {
          walk(from, to, depth + 1);
        }
      }
    }
  }

  private String typeOf(int box) {
    return new String(file.content(), box + 4, 4, StandardCharsets.ISO_8859_1);
  }
}
