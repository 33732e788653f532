// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "fyr/error.hpp"
#include "score/emphasis.hpp"
#include "score/lines.hpp"
#include "score/markings.hpp"
#include "score/playable.hpp"
#include "score/repeats.hpp"
#include "score/tempo.hpp"
#include "score/tuplet_numbers.hpp"
#include "score/voice.hpp"

namespace fyr {
namespace {

/// A hit with what the page says about it.
struct MarkedHit {
  QuantisedHit hit;
  Emphasis emphasis = Emphasis::Plain;
};

/// Adds the hit to the column at `tick`; a drum that is there already keeps the louder velocity.
void add_hit(Columns& columns, Tick tick, const MarkedHit& marked, const ScoreOptions& options) {
  const QuantisedHit& hit = marked.hit;
  Column& column = columns[tick];
  column.accent |= marked.emphasis == Emphasis::Accent;
  const bool ghost = marked.emphasis == Emphasis::Ghost;
  const bool doubtful = hit.confidence < options.doubt_below;
  const bool choked = hit.choked_after_s > 0;
  // Grace notes lead to a stroke, a ghost note is hardly one.
  const bool graced = hit.ornament == Ornament::Flam || hit.ornament == Ornament::Drag;
  const Ornament ornament = ghost && graced ? Ornament::None : hit.ornament;
  const Note note{hit.drum, std::clamp(hit.velocity, 1, 127),
                  ghost,    doubtful,
                  ornament, staff_places(options.style)[index_of(hit.drum)],
                  choked};
  const auto place = std::ranges::lower_bound(column.notes, hit.drum, {}, &Note::drum);
  if (place == column.notes.end() || place->drum != hit.drum) {
    column.notes.insert(place, note);
    return;
  }
  const bool either_choked = place->choked || choked;
  if (place->velocity < note.velocity) *place = note;
  place->choked = either_choked;
}

/// Hands, feet, or one voice with the stems that suit who plays.
std::vector<Voice> lay_out_voices(const Bar& bar, const std::vector<Span>& spans,
                                  const std::vector<MarkedHit>& hits, bool swings,
                                  const ScoreOptions& options) {
  Columns hands;
  Columns feet;
  for (const MarkedHit& marked : hits) {
    const auto span = std::ranges::find_if(
        spans, [&](const Span& candidate) { return marked.hit.tick < candidate.end; });
    const Tick tick = snap(span == spans.end() ? spans.back() : *span, marked.hit.tick);
    const bool foot = options.n_voices == 2 && info(marked.hit.drum).limb == Limb::Foot;
    add_hit(foot ? feet : hands, tick, marked, options);
  }
  if (swings) {
    for (Columns* columns : {&hands, &feet}) write_swung_thirds_as_eighths(*columns, spans);
  }
  std::vector<Voice> voices;
  if (hands.empty() && !feet.empty()) {
    voices.push_back(lay_out_voice(spans, feet, Stems::Down));
  } else {
    voices.push_back(lay_out_voice(spans, hands, Stems::Up));
    if (!feet.empty()) {
      voices.push_back(lay_out_voice(spans, feet, Stems::Down));
      hide_repeated_numbers(voices[0], voices[1]);
      hide_rests(voices[0], voices[1], spans, bar.meter);
    }
  }
  for (Voice& voice : voices) merge_rests(voice, bar.meter, bar.length);
  return voices;
}

std::vector<std::vector<MarkedHit>> hits_by_bar(const Rhythm& rhythm) {
  const std::vector<Emphasis> emphasis = find_emphasis(rhythm.hits);
  std::vector<std::vector<MarkedHit>> by_bar(rhythm.bars.size());
  for (std::size_t i = 0; i < rhythm.hits.size(); ++i) {
    const QuantisedHit& hit = rhythm.hits[i];
    by_bar[static_cast<std::size_t>(hit.bar)].push_back({hit, emphasis[i]});
  }
  return by_bar;
}

std::vector<Drum> used_drums(const Rhythm& rhythm) {
  std::vector<Drum> used;
  for (const DrumInfo& drum : kDrums) {
    const bool struck = std::ranges::any_of(
        rhythm.hits, [&](const QuantisedHit& hit) { return hit.drum == drum.drum; });
    if (struck) used.push_back(drum.drum);
  }
  return used;
}

}  // namespace

Score build_score(const Rhythm& rhythm, const ScoreOptions& options) {
  if (options.n_voices != 1 && options.n_voices != 2) {
    throw UsageError("cannot write " + std::to_string(options.n_voices) +
                     " voices: a drum part has 1 or 2");
  }
  const Rhythm played = playable(rhythm);
  const std::vector<Bar>& bars = played.bars;
  const auto hits = hits_by_bar(played);
  Score score{options.title,
              options.subtitle,
              options.composer,
              played.swing,
              staff_places(options.style),
              {},
              0,
              {}};
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const Bar& bar = bars[i];
    Measure measure;
    measure.meter = bar.meter;
    measure.length = bar.length;
    measure.numbered = bar.length == bar.meter.bar_ticks();
    measure.shows_meter = i == 0 || bar.meter != bars[i - 1].meter;
    measure.voices =
        lay_out_voices(bar, spans_of(bar, i == 0), hits[i], played.swing.of_eighths(), options);
    score.measures.push_back(std::move(measure));
  }
  score.key = used_drums(played);
  add_markings(score, played);
  set_tempi(score, played);
  add_lead_in(score, bars.front().start_s);
  level_rests(score);
  break_lines(score);
  if (options.repeat_signs) mark_repeats(score);
  hide_continued_numbers(score);
  return score;
}

}  // namespace fyr
