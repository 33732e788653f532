// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluate/midi_file.hpp"

#include <algorithm>
#include <string>

#include "fyr/error.hpp"

namespace fyr {
namespace {

/// Reads big-endian numbers and refuses to run past the end.
class Bytes {
 public:
  explicit Bytes(std::string_view data) : data_(data) {}

  bool at_end() const { return data_.empty(); }

  std::string_view take(std::size_t n) {
    if (n > data_.size()) throw InputError("truncated");
    const std::string_view taken = data_.substr(0, n);
    data_.remove_prefix(n);
    return taken;
  }

  std::uint32_t number(std::size_t n_bytes) {
    std::uint32_t value = 0;
    for (const char c : take(n_bytes)) value = value << 8U | static_cast<unsigned char>(c);
    return value;
  }

  std::uint32_t variable_length() {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) {
      const std::uint32_t byte = number(1);
      value = value << 7U | (byte & 0x7FU);
      if (byte < 0x80U) return value;
    }
    throw InputError("a number longer than four bytes");
  }

  int peek() const { return data_.empty() ? -1 : static_cast<unsigned char>(data_.front()); }

 private:
  std::string_view data_;
};

void read_meta(Bytes& track, std::int64_t tick, MidiFile& file) {
  const std::uint32_t type = track.number(1);
  Bytes body(track.take(track.variable_length()));
  if (type == 0x51) {
    const std::uint32_t quarter_us = body.number(3);
    if (quarter_us == 0) throw InputError("an impossible tempo");
    file.tempi.push_back({tick, quarter_us / 1e6});
  } else if (type == 0x58) {
    const int numerator = static_cast<int>(body.number(1));
    const std::uint32_t power = body.number(1);
    if (numerator == 0 || power > 6) throw InputError("an impossible time signature");
    file.signatures.push_back({tick, numerator, 1 << power});
  }
}

/// One channel message after its status byte.
void read_message(Bytes& track, std::uint32_t status, std::int64_t tick, MidiFile& file) {
  const std::uint32_t kind = status >> 4U;
  const int first = static_cast<int>(track.number(1));
  if (kind == 0xC || kind == 0xD) return;
  const int second = static_cast<int>(track.number(1));
  if (kind == 0x9 && second > 0) {
    file.notes.push_back({tick, static_cast<int>(status & 0xFU), first, second});
  }
}

void read_track(Bytes track, MidiFile& file) {
  std::int64_t tick = 0;
  std::uint32_t status = 0;
  while (!track.at_end()) {
    tick += track.variable_length();
    if (track.peek() >= 0x80) status = track.number(1);
    if (status == 0xFF) {
      read_meta(track, tick, file);
      status = 0;
    } else if (status == 0xF0 || status == 0xF7) {
      track.take(track.variable_length());
      status = 0;
    } else if (status >= 0x80 && status < 0xF0) {
      read_message(track, status, tick, file);
    } else {
      throw InputError("data without a status byte");
    }
  }
  file.end_tick = std::max(file.end_tick, tick);
}

}  // namespace

MidiFile parse_midi(std::string_view data) {
  Bytes bytes(data);
  if (bytes.take(std::min<std::size_t>(4, data.size())) != "MThd") throw InputError("no MIDI file");
  Bytes header(bytes.take(bytes.number(4)));
  const std::uint32_t format = header.number(2);
  const std::uint32_t n_tracks = header.number(2);
  const std::uint32_t division = header.number(2);
  if (format > 1) throw InputError("format " + std::to_string(format) + "; only 0 and 1 are songs");
  if (division >= 0x8000) throw InputError("SMPTE time instead of beats");
  if (division == 0) throw InputError("no ticks a beat: its division is 0");
  if (n_tracks == 0) throw InputError("no tracks");
  MidiFile file;
  file.ticks_per_quarter = static_cast<int>(division);
  for (std::uint32_t n_read = 0; n_read < n_tracks;) {
    if (bytes.at_end()) {
      throw InputError("truncated: " + std::to_string(n_read) + " of " + std::to_string(n_tracks) +
                       " tracks are there");
    }
    const std::string_view type = bytes.take(4);
    const Bytes chunk(bytes.take(bytes.number(4)));
    if (type != "MTrk") continue;
    read_track(chunk, file);
    ++n_read;
  }
  const auto by_tick = [](const auto& a, const auto& b) { return a.tick < b.tick; };
  std::stable_sort(file.notes.begin(), file.notes.end(), by_tick);
  std::stable_sort(file.tempi.begin(), file.tempi.end(), by_tick);
  std::stable_sort(file.signatures.begin(), file.signatures.end(), by_tick);
  return file;
}

}  // namespace fyr
