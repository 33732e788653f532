// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/midi_file.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>

namespace fyr::testing {
namespace {

constexpr int kTicksPerQuarter = 480;

/// Bytes of the file, taken from the front.
class Bytes {
 public:
  explicit Bytes(std::string data) : data_(std::move(data)) {}

  std::size_t position() const { return position_; }
  bool ended() const { return position_ >= data_.size(); }
  void skip(std::size_t n) { position_ += n; }
  void step_back() { --position_; }

  int byte() {
    if (ended()) throw std::runtime_error("MIDI file ends early");
    return static_cast<unsigned char>(data_[position_++]);
  }
  int number(int n_bytes) {
    int value = 0;
    for (int i = 0; i < n_bytes; ++i) value = value << 8 | byte();
    return value;
  }
  int variable_length() {
    int value = 0;
    int next = 0;
    do {
      next = byte();
      value = value << 7 | (next & 0x7F);
    } while (next & 0x80);
    return value;
  }

 private:
  std::string data_;
  std::size_t position_ = 0;
};

struct Events {
  std::vector<MidiNote> notes;
  std::map<int, int> microseconds_per_quarter{{0, 500000}};  ///< By tick.
};

void read_meta(Bytes& bytes, int tick, Events& events) {
  const int type = bytes.byte();
  const int length = bytes.variable_length();
  if (type == 0x51) {
    events.microseconds_per_quarter[tick] = bytes.number(3);
  } else {
    bytes.skip(static_cast<std::size_t>(length));
  }
}

void read_track(Bytes& bytes, Events& events) {
  bytes.skip(4);  // "MTrk"
  const auto length = static_cast<std::size_t>(bytes.number(4));
  const std::size_t end = bytes.position() + length;
  int tick = 0;
  int status = 0;
  while (bytes.position() < end) {
    tick += bytes.variable_length();
    const int first = bytes.byte();
    if (first == 0xFF) {
      read_meta(bytes, tick, events);
    } else if (first == 0xF0 || first == 0xF7) {
      bytes.skip(static_cast<std::size_t>(bytes.variable_length()));
    } else {
      if (first & 0x80) {
        status = first;
      } else {
        bytes.step_back();
      }
      const int kind = status >> 4;
      const int key = bytes.byte();
      const int value = kind == 0xC || kind == 0xD ? 0 : bytes.byte();
      if (kind == 0x9 && value > 0) {
        events.notes.push_back({tick, 0, status & 0xF, key, value});
      }
    }
  }
}

void set_times(Events& events) {
  for (MidiNote& note : events.notes) {
    int tick = 0;
    int tempo = 0;
    for (const auto& [from, microseconds] : events.microseconds_per_quarter) {
      if (from > note.tick) break;
      note.time_s += 1e-6 * tempo * (from - tick) / kTicksPerQuarter;
      tick = from;
      tempo = microseconds;
    }
    note.time_s += 1e-6 * tempo * (note.tick - tick) / kTicksPerQuarter;
  }
}

}  // namespace

std::vector<MidiNote> read_midi_notes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  Bytes bytes(std::string(std::istreambuf_iterator<char>(file), {}));
  bytes.skip(4);  // "MThd"
  if (bytes.number(4) != 6 || bytes.number(2) > 1) throw std::runtime_error("not MIDI 0 or 1");
  const int n_tracks = bytes.number(2);
  if (bytes.number(2) != kTicksPerQuarter) throw std::runtime_error("not 480 ticks a quarter");
  Events events;
  for (int track = 0; track < n_tracks; ++track) read_track(bytes, events);
  set_times(events);
  std::ranges::sort(events.notes);
  return events.notes;
}

}  // namespace fyr::testing
