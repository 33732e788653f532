// SPDX-License-Identifier: GPL-3.0-or-later
#include "writers/midi_track.hpp"

#include <algorithm>
#include <bit>

namespace fyr {
namespace {

char byte(unsigned value) { return static_cast<char>(static_cast<unsigned char>(value)); }

std::string big_endian(std::uint32_t value, int n_bytes) {
  std::string bytes;
  for (int shift = 8 * (n_bytes - 1); shift >= 0; shift -= 8) bytes += byte(value >> shift & 0xFFU);
  return bytes;
}

/// Seven bits a byte, the highest bit set on all but the last.
std::string variable_length(std::uint32_t value) {
  std::string bytes(1, byte(value & 0x7FU));
  while ((value >>= 7U) != 0) bytes.insert(bytes.begin(), byte(0x80U | (value & 0x7FU)));
  return bytes;
}

std::string chunk_of(std::string_view type, const std::string& body) {
  return std::string(type) + big_endian(static_cast<std::uint32_t>(body.size()), 4) + body;
}

std::string key_message(unsigned status, int key, int value) {
  return {byte(status), byte(static_cast<unsigned>(key)), byte(static_cast<unsigned>(value))};
}

}  // namespace

void MidiTrack::add_meta(Tick tick, unsigned char type, std::string_view body) {
  std::string bytes{'\xFF', byte(type)};
  bytes += variable_length(static_cast<std::uint32_t>(body.size()));
  bytes += body;
  events_.push_back({tick, false, std::move(bytes)});
}

void MidiTrack::add_text(Tick tick, MidiText kind, std::string_view text) {
  add_meta(tick, static_cast<unsigned char>(kind), text);
}

void MidiTrack::add_tempo(Tick tick, int us_per_quarter) {
  add_meta(tick, 0x51, big_endian(static_cast<std::uint32_t>(us_per_quarter), 3));
}

void MidiTrack::add_time_signature(Tick tick, const Meter& meter) {
  constexpr Tick kTicksPerClock = kTicksPerQuarter / 24;
  constexpr char kThirtySecondsPerQuarter = 8;
  const auto power = std::countr_zero(static_cast<unsigned>(meter.denominator));
  const std::string body{
      byte(static_cast<unsigned>(meter.numerator)), byte(static_cast<unsigned>(power)),
      byte(static_cast<unsigned>(meter.beat_ticks() / kTicksPerClock)), kThirtySecondsPerQuarter};
  add_meta(tick, 0x58, body);
}

void MidiTrack::add_note(Tick tick, int channel, int key, int velocity) {
  const unsigned status = (velocity > 0 ? 0x90U : 0x80U) | static_cast<unsigned>(channel);
  events_.push_back({tick, velocity == 0, key_message(status, key, velocity)});
}

void MidiTrack::add_pressure(Tick tick, int channel, int key, int pressure) {
  const unsigned status = 0xA0U | static_cast<unsigned>(channel);
  events_.push_back({tick, false, key_message(status, key, pressure)});
}

std::string MidiTrack::chunk(Tick end) const {
  std::vector<const Event*> order;
  for (const Event& event : events_) order.push_back(&event);
  std::ranges::stable_sort(order, [](const Event* one, const Event* two) {
    return one->tick != two->tick ? one->tick < two->tick : one->ends_note && !two->ends_note;
  });
  std::string body;
  Tick now = 0;
  for (const Event* event : order) {
    body += variable_length(static_cast<std::uint32_t>(event->tick - now)) + event->bytes;
    now = event->tick;
  }
  body += variable_length(static_cast<std::uint32_t>(std::max(0, end - now)));
  body += std::string_view("\xFF\x2F\x00", 3);
  return chunk_of("MTrk", body);
}

std::string midi_file(const std::vector<std::string>& chunks) {
  constexpr std::uint32_t kType = 1;
  std::string file = chunk_of("MThd", big_endian(kType, 2) +
                                          big_endian(static_cast<std::uint32_t>(chunks.size()), 2) +
                                          big_endian(kTicksPerQuarter, 2));
  for (const std::string& chunk : chunks) file += chunk;
  return file;
}

}  // namespace fyr
