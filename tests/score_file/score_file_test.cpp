// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/score_file.hpp"

#include <gmock/gmock.h>

#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "fyr/error.hpp"
#include "fyr/writers.hpp"
#include "score/broken_scores.hpp"
#include "score/tab.hpp"
#include "score_file/fraction.hpp"
#include "writers/zip.hpp"

namespace fyr {
namespace {

using ::testing::AllOf;
using testing::broken_scores;
using testing::changed;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using testing::good_score;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Kind = ScoreDifference::Kind;

TEST(Fraction, IsExactAndInLowestTerms) {
  EXPECT_EQ(Fraction(1, 3) + Fraction(1, 6), Fraction(1, 2));
  EXPECT_EQ(to_string(Fraction(6, -8)), "-3/4");
  EXPECT_EQ(parse_fraction("12/8"), Fraction(3, 2));
  for (const char* text :
       {"", "/4", "1/0", "1/-4", "x", "9999999999999999999/1", "2000000/1", "-2000000/1"}) {
    EXPECT_EQ(parse_fraction(text), std::nullopt) << text;
  }
}

TEST(Fraction, RefusesWhatSixtyFourBitsCannotHold) {
  const Fraction tiny(1, std::int64_t{1} << 40);
  EXPECT_THROW(tiny * tiny, std::overflow_error);
  EXPECT_THROW(tiny + Fraction(1, 3486784401), std::overflow_error);
  EXPECT_LT(tiny, Fraction(1, 3486784401));  // Comparing takes more bits and has them.
}

TEST(CheckScore, EndsWhateverTheDots) {
  for (const char* dots : {"60", "2000000000"}) {
    const std::string dotted =
        changed(good_score(), "<dots>1</dots>", std::string("<dots>") + dots + "</dots>");
    EXPECT_THAT(check_score(dotted),
                Contains(Field(&ScoreFinding::message, HasSubstr("dots or tuplets too many"))));
  }
}

TEST(CheckScore, FindsNothingWrongWithOurOwn) { EXPECT_THAT(check_score(good_score()), IsEmpty()); }

TEST(CheckScore, FindsNothingWrongWithWhatMuseScoreSaves) {
  const std::string inside_a_note =
      "<location><fractions>-1/2</fractions></location><Tempo><tempo>3</tempo></Tempo></voice>"
      "</Measure>";
  EXPECT_THAT(check_score(changed(good_score(), "</voice></Measure>", inside_a_note)), IsEmpty());
  EXPECT_THAT(check_score(changed(good_score(), "<velocity>80</velocity><veloType>user</veloType>",
                                  "<velocity>-20</velocity><autoplace>0</autoplace>")),
              IsEmpty());
  EXPECT_THAT(check_score(changed(good_score(), "</voice><voice>", "</voice><voice/><voice>")),
              IsEmpty());
  EXPECT_THAT(check_score(changed(good_score(), "version=\"3.01\"", "version='3.01'\na='\"b\">'")),
              IsEmpty());
  EXPECT_THAT(
      check_score(changed(good_score(), "Hat", "H&#228;&#xE4;t &amp; co<![CDATA[ & ]]><!-- & -->")),
      IsEmpty());
}

TEST(CheckScore, FindsWhatMuseScoreRefusesOrRepairs) {
  for (const auto& broken : broken_scores()) {
    EXPECT_THAT(check_score(broken.document),
                Contains(AllOf(Field(&ScoreFinding::severity, ScoreFinding::Severity::Error),
                               Field(&ScoreFinding::message, HasSubstr(broken.message)))))
        << broken.name;
  }
}

std::string only_message(const std::string& document) {
  const std::vector<ScoreFinding> findings = check_score(document);
  return findings.size() == 1 ? findings.front().message
                              : std::to_string(findings.size()) + " findings";
}

TEST(CheckScore, SaysInWhichLineTheXmlIsBrokenAndHow) {
  const std::string start = "<?xml version=\"1.0\"?>\n<museScore>\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {start + "<a>\n</b></museScore>", "line 3: the element that begins there has no closing tag"},
      {start + "<a", "line 3: a tag that is cut off"},
      {start + "<a b/></museScore>", "line 3: an attribute that has no value"},
      {start + "<a>\ntext", "line 4: text that no tag follows"},
      {start + "<![CDATA[ x", "line 3: a CDATA section without its end"},
      {start + "<!-- x", "line 3: a comment without its end"},
      {start + "<?xml?></museScore>", "line 3: a <?…?> that"},
      {start + "<!DOCTYPE x", "line 3: a <!…> without its end"},
      {start + "<1/></museScore>", "line 3: what begins there is no tag"},
      {start, "line 2: what begins there is no tag, or the file ends before it is closed"},
  };
  for (const auto& [document, words] : cases) {
    EXPECT_THAT(only_message(document), AllOf(HasSubstr("not well-formed XML in " + words),
                                              HasSubstr("; "), Not(HasSubstr("XML_"))));
  }
  std::string nested;
  for (int i = 0; i < 1000; ++i) nested += "<voice>";
  EXPECT_THAT(only_message(nested), HasSubstr("nested deeper than any score's"));
  for (const std::string other : {"", "\xEF\xBB\xBF \n", "RIFF", "PK"}) {
    EXPECT_EQ(only_message(other), "no XML, so it is no MuseScore file");
  }
}

TEST(CheckScore, SaysInWhichLineMuseScoreFindsBrokenXml) {
  const std::string lines = "<!--\n\n-->";
  for (const std::string mistake : {"a & b", "\xFF", "\x01", "<!-- -- -->", "&#xD800;"}) {
    EXPECT_THAT(check_score(changed(good_score(), "<Part>", lines + mistake + "<Part>")),
                Contains(Field(&ScoreFinding::message, HasSubstr("XML in line 3: "))))
        << mistake;
  }
}

/// Each takes tinyxml2 much memory or time.
TEST(CheckScore, DoesNotParseWhatIsLargerThanAnyScore) {
  std::string elements = "<museScore>";
  for (int i = 0; i < 2'000'000; ++i) elements += "<a/>";
  EXPECT_EQ(only_message(elements), "more than 2000000 elements, which no score has");
  EXPECT_THROW(diff_scores(elements, good_score()), InputError);
  std::string attributes = "<museScore";
  for (int i = 0; i < 200; ++i) attributes += " a" + std::to_string(i) + "='>'";
  EXPECT_EQ(only_message(attributes + "/>"),
            "an element with more than 100 attributes, which no score has");
  // Neither is an element.
  EXPECT_THAT(check_score(changed(good_score(), "<Part>", "<!-- don't" + attributes + "--><Part>")),
              IsEmpty());
}

TEST(CheckScore, ReadsNoMoreOfABarThanAnyHas) {
  const auto many = [](std::string_view element, int n) {
    std::string elements;
    for (int i = 0; i < n; ++i) elements += element;
    return elements;
  };
  const std::string_view note = "<Note><pitch>36</pitch></Note>";
  EXPECT_THAT(check_score(changed(good_score(), note, many(note, 20'000))),
              Contains(Field(&ScoreFinding::message, "more notes than any bar has")));
  EXPECT_EQ(
      only_message(changed(good_score(), "</voice><voice>",
                           many("<Tempo><tempo>2</tempo></Tempo>", 2000) + "</voice><voice>")),
      "more tempi than any bar has");
  EXPECT_EQ(only_message(changed(
                good_score(), note,
                many("<Articulation><subtype>articAccentAbove</subtype></Articulation>", 40) +
                    std::string(note))),
            "more signs than any chord has");
}

TEST(CheckScore, QuotesLongTextsInPart) {
  std::string umlauts = "x";
  for (int i = 0; i < 100'000; ++i) umlauts += "ä";
  const std::string quoted = "\"" + umlauts.substr(0, 59) + "…\"";
  EXPECT_EQ(only_message(changed(good_score(), "<velocity>80", "<velocity>" + umlauts)),
            "the <velocity> " + quoted + " makes no sense");
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"<sigN>4", "<sigN>" + umlauts},
           {"<tempo>2", "<tempo>" + umlauts},
           {"<durationType>whole", "<durationType>" + umlauts},
           {"<Measure>", "<Measure len=\"" + umlauts + "\">"},
           {"version=\"3.01", "version=\"" + umlauts},
           {"<Measure><voice>", "<Measure><voice><" + umlauts + "/>"}}) {
    const std::vector<ScoreFinding> findings = check_score(changed(good_score(), from, to));
    ASSERT_FALSE(findings.empty()) << from;
    for (const ScoreFinding& finding : findings) EXPECT_LT(finding.message.size(), 300U) << from;
  }
}

/// By both, with the same words.
TEST(ScoreFile, NumbersThatMakeNoSenseAreRefused) {
  struct Case {
    std::string_view from, to;
    std::string message;
  };
  const std::vector<Case> cases = {
      {"<velocity>80", "<velocity>99999999999", "the <velocity> \"99999999999\" makes no sense"},
      {"<velocity>80", "<velocity>128", "the <velocity> \"128\" makes no sense"},
      {"<velocity>80", "<velocity>loud", "the <velocity> \"loud\" makes no sense"},
      {"<tempo>2", "<tempo>nan", "the <tempo> \"nan\" makes no sense"},
      {"<tempo>2", "<tempo>1e308", "the <tempo> \"1e308\" makes no sense"},
      {"<tempo>2", "<tempo>1e-300", "the <tempo> \"1e-300\" makes no sense"},
      {"<tempo>2</tempo>", "", "a <Tempo> without its <tempo>"},
      {"<sigN>4", "<sigN>-4", "the time signature \"-4/4\" makes no sense"},
      {"<Measure>", "<Measure len=\"0/4\">", "the length \"0/4\" makes no sense"},
      {"<pitch>38", "<pitch>4294967334", "a <Note> without a <pitch> of 0 to 127"},
      {"<dots>1", "<dots>-1", "the <dots> \"-1\" makes no sense"},
      {"<dots>1", "<dots>60", "dots or tuplets too many"},
      {"<normalNotes>2", "<normalNotes>4294967298", "a <Tuplet> without normalNotes"},
      {"<durationType>whole",
       "<durationType>measure</durationType><duration>-4/4</duration><durationType>whole",
       "the <duration> \"-4/4\" makes no sense"},
  };
  for (const Case& one : cases) {
    const std::string score = changed(good_score(), one.from, one.to);
    EXPECT_THAT(check_score(score),
                Contains(AllOf(Field(&ScoreFinding::severity, ScoreFinding::Severity::Error),
                               Field(&ScoreFinding::message, HasSubstr(one.message)))))
        << one.to;
    try {
      diff_scores(score, score);
      ADD_FAILURE() << "accepted: " << one.to;
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), AllOf(HasSubstr("bar 1"), HasSubstr(one.message)));
    }
  }
}

TEST(CheckScore, AGraceNoteBeforeARestIsFoundOnce) {
  const std::string rest = "<Rest><durationType>eighth</durationType></Rest></voice>";
  EXPECT_EQ(only_message(changed(good_score(), rest,
                                 "<Chord><acciaccatura/><durationType>eighth</durationType><Note>"
                                 "<pitch>38</pitch></Note></Chord>" +
                                     rest)),
            "a grace note before a rest, which MuseScore drops");
}

TEST(CheckScore, TupletsMayStandInTuplets) {
  // The second of three eighths is three 16ths in the time of two.
  const std::string second =
      "<Chord><durationType>eighth</durationType><Note><pitch>42</pitch></Note></Chord>";
  std::string inner =
      "<Tuplet><normalNotes>2</normalNotes><actualNotes>3</actualNotes><baseNote>16th</baseNote>"
      "</Tuplet>";
  for (int i = 0; i < 3; ++i) inner += changed(second, "eighth", "16th");
  EXPECT_THAT(check_score(changed(good_score(), second, inner + "<endTuplet/>")), IsEmpty());
}

TEST(CheckScore, OnlyADrumPartHasADrumMapAndTwoHands) {
  std::string piano = good_score();
  const std::size_t map = piano.find("<Drum pitch");
  piano.erase(map, piano.rfind("</Drum>") + 7 - map);
  EXPECT_THAT(check_score(piano), IsEmpty());
  EXPECT_THAT(check_score(changed(piano, "<Note><pitch>38</pitch>",
                                  "<Note><pitch>49</pitch></Note><Note><pitch>42</pitch></Note>"
                                  "<Note><pitch>38</pitch>")),
              IsEmpty());
}

TEST(CheckScore, NamesBarsThatHaveNoNumber) {
  const std::string longer =
      changed(good_score(), "</Chord></voice></Measure>",
              "</Chord><Rest><durationType>eighth</durationType></Rest></voice></Measure>");
  EXPECT_THAT(check_score(changed(longer, "<Measure>", "<Measure><irregular>1</irregular>")),
              ElementsAre(Field(&ScoreFinding::place, "unnumbered bar before bar 1, voice 2")));
}

TEST(CheckScore, NamesBarAndVoice) {
  const std::string longer =
      changed(good_score(), "</Chord></voice></Measure>",
              "</Chord><Rest><durationType>eighth</durationType></Rest></voice></Measure>");
  EXPECT_THAT(check_score(longer),
              ElementsAre(AllOf(Field(&ScoreFinding::place, "bar 1, voice 2"),
                                Field(&ScoreFinding::message, "it lasts 9/8 instead of 1"))));
}

TEST(CheckScore, WarnsOfThreeHandsAndOfNotesTwice) {
  const std::string hands = changed(
      good_score(), "<Note><pitch>38</pitch>",
      "<Note><pitch>49</pitch></Note><Note><pitch>42</pitch></Note><Note><pitch>38</pitch>");
  EXPECT_THAT(check_score(hands),
              ElementsAre(AllOf(Field(&ScoreFinding::severity, ScoreFinding::Severity::Warning),
                                Field(&ScoreFinding::place, "bar 1 beat 3"),
                                Field(&ScoreFinding::message, HasSubstr("3 drums")))));
  EXPECT_THAT(check_score(changed(hands, "<pitch>49</pitch>", "<pitch>54</pitch>")),
              Each(Field(&ScoreFinding::message, Not(HasSubstr("hand")))))
      << "somebody else plays the tambourine";
  const std::string twice = changed(good_score(), "<Note><pitch>38</pitch>",
                                    "<Note><pitch>38</pitch></Note><Note><pitch>38</pitch>");
  EXPECT_THAT(check_score(twice), ElementsAre(Field(&ScoreFinding::message, HasSubstr("twice"))));
}

std::string container(const std::string& names) {
  return "<?xml version=\"1.0\"?><container><rootfiles>" + names + "</rootfiles></container>";
}

std::string packed(const std::string& container_text) {
  return zip({{"META-INF/container.xml", container_text},
              {"Thumbnails/thumbnail.png", "a picture"},
              {"Excerpts/part.mscx", "a part"},
              {"Größe 🥁.mscx", good_score()}},
             "a test");
}

std::string score_of(const std::vector<testing::TabLine>& tab) {
  Rhythm rhythm;
  testing::add_tab(rhythm, {4, 4}, tab);
  std::ostringstream mscx;
  write_mscx(build_score(rhythm), mscx);
  return mscx.str();
}

TEST(CheckScore, TheGraceNoteOfAFlamIsNoSecondStroke) {
  EXPECT_THAT(check_score(score_of({{Drum::Snare, "--f---X-"}})), IsEmpty());
}

TEST(DiffScores, TellsDifferencesInTheirOrder) {
  const auto differences =
      diff_scores(score_of({{Drum::Kick, "x-------"}, {Drum::Snare, "----x---"}}),
                  score_of({{Drum::Kick, "x-------"}, {Drum::ClosedHiHat, "--x-----"}}), {});
  ASSERT_EQ(differences.size(), 2U);
  EXPECT_EQ(differences[0].kind, Kind::Added);
  EXPECT_EQ(differences[0].place, "bar 1 beat 2");
  EXPECT_EQ(differences[1].kind, Kind::Removed);
  EXPECT_EQ(differences[1].place, "bar 1 beat 3");
}

TEST(DiffScores, TellsPlacesBetweenTheBeats) {
  const auto place = [](const std::vector<testing::TabLine>& tab) {
    return diff_scores(score_of({{Drum::Kick, "x---"}}), score_of(tab)).at(0).place;
  };
  EXPECT_EQ(place({{Drum::Kick, "x---"}, {Drum::Ride, "---x----"}}), "bar 1 beat 2.5");
  EXPECT_EQ(place({{Drum::Kick, "x---"}, {Drum::Ride, "-x----------"}}), "bar 1 beat 1.333");
}

TEST(DiffScores, AGraceNoteIsNoStroke) {
  EXPECT_THAT(diff_scores(score_of({{Drum::Snare, "-f--"}}), score_of({{Drum::Snare, "-x--"}}),
                          {.velocities = false}),
              ElementsAre(ScoreDifference{Kind::Removed, "bar 1 beat 2", "snare grace note"}));
}

TEST(DiffScores, TellsVelocitiesWhereNotesHaveThem) {
  EXPECT_THAT(diff_scores(changed(good_score(), "<Note><pitch>36</pitch></Note>",
                                  "<Note><pitch>36</pitch></Note><Note><pitch>35</pitch></Note>"),
                          good_score()),
              ElementsAre(ScoreDifference{Kind::Removed, "bar 1 beat 1", "MIDI key 35"}));
}

TEST(DiffScores, ComparesWhatStandsOnTheChord) {
  const std::string plain =
      score_of({{Drum::Crash, "x-------"}, {Drum::Snare, "-xxxxxxx"}, {Drum::Kick, "x---x---"}});
  const std::string marked =
      score_of({{Drum::Crash, "c-------"}, {Drum::Snare, "-xXxrxxx"}, {Drum::Kick, "x---x---"}});
  const ScoreDiffOptions options{.velocities = false};
  EXPECT_THAT(diff_scores(plain, marked, options),
              ElementsAre(ScoreDifference{Kind::Changed, "bar 1 beat 1", "crash, choke"},
                          ScoreDifference{Kind::Changed, "bar 1 beat 2", "snare, accent"},
                          ScoreDifference{Kind::Changed, "bar 1 beat 3", "snare, tremolo r16"}));
  EXPECT_THAT(
      diff_scores(marked, plain, options),
      ElementsAre(
          ScoreDifference{Kind::Changed, "bar 1 beat 1", "crash, no choke any more"},
          ScoreDifference{Kind::Changed, "bar 1 beat 2", "snare, no accent any more"},
          ScoreDifference{Kind::Changed, "bar 1 beat 3", "snare, no tremolo r16 any more"}));
  EXPECT_THAT(
      diff_scores(marked, score_of({{Drum::Snare, "-xXxrxxx"}, {Drum::Kick, "x---x---"}}), options),
      ElementsAre(ScoreDifference{Kind::Removed, "bar 1 beat 1", "crash, choke"}));
}

TEST(UnpackScore, FindsTheScoreAmongOtherFiles) {
  EXPECT_EQ(unpack_score(packed(container("<rootfile full-path=\"Thumbnails/thumbnail.png\"/>"
                                          "<rootfile full-path=\"Größe 🥁.mscx\"/>"
                                          "<rootfile full-path=\"Excerpts/part.mscx\"/>"))),
            good_score());
}

TEST(UnpackScore, SaysWhatIsWrong) {
  const std::string whole = packed(container("<rootfile full-path=\"Größe 🥁.mscx\"/>"));
  ASSERT_EQ(unpack_score(whole), good_score());
  std::string changed_byte = whole;
  // In the middle of the score, which is the largest part.
  changed_byte[whole.size() / 2] = static_cast<char>(~changed_byte[whole.size() / 2]);
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "it is empty"},
      {good_score(), "not a zip archive"},
      {whole.substr(0, whole.size() - 30), "its end is missing"},
      {changed_byte, "damaged"},
      {zip({{"song.mscx", good_score()}}, "a test"), "lacks META-INF/container.xml"},
      {packed("no XML"), "names no score"},
      {packed(container("<rootfile/><rootfile full-path=\"Thumbnails/thumbnail.png\"/>")),
       "names no score"},
      {packed(container("<rootfile full-path=\"gone.mscx\"/>")), "\"gone.mscx\" is missing"},
      {packed(container("<rootfile full-path=\"" + std::string(1000, 'a') + ".mscx\"/>")),
       "\"" + std::string(60, 'a') + "…\" is missing"},
      {packed(std::string(1'000'000, ' ')), "unpacks to more than 64 KiB"},
  };
  for (const auto& [bytes, message] : cases) {
    try {
      unpack_score(bytes);
      ADD_FAILURE() << "accepted: " << message;
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), HasSubstr(message));
    }
  }
}

TEST(DiffScores, FindsNoDifferenceInTheSame) {
  EXPECT_THAT(diff_scores(good_score(), good_score()), IsEmpty());
}

TEST(DiffScores, NamesBarBeatAndDrum) {
  const std::string moved = changed(good_score(), "<pitch>38</pitch>", "<pitch>50</pitch>");
  EXPECT_THAT(diff_scores(good_score(), moved),
              ElementsAre(ScoreDifference{Kind::Removed, "bar 1 beat 3", "snare (velocity 80)"},
                          ScoreDifference{Kind::Added, "bar 1 beat 3", "high_tom (velocity 80)"}));
}

TEST(DiffScores, ComparesVelocityGhostsTempoAndMeterUnlessTold) {
  const std::string louder = changed(good_score(), "<velocity>80<", "<velocity>81<");
  EXPECT_THAT(
      diff_scores(good_score(), louder),
      ElementsAre(ScoreDifference{Kind::Changed, "bar 1 beat 3", "snare, velocity 80 -> 81"}));
  EXPECT_THAT(diff_scores(good_score(), louder, {.velocities = false}), IsEmpty());

  const std::string faster = changed(good_score(), "<tempo>2<", "<tempo>2.5<");
  EXPECT_THAT(diff_scores(good_score(), faster),
              ElementsAre(ScoreDifference{Kind::Changed, "bar 1 beat 1", "tempo 120 -> 150"}));
  EXPECT_THAT(diff_scores(good_score(), faster, {.tempo = false}), IsEmpty());
  EXPECT_THAT(diff_scores(good_score(), changed(good_score(), "<tempo>2<", "<tempo>2.0038<")),
              IsEmpty());
  EXPECT_THAT(diff_scores(good_score(), changed(good_score(), "<tempo>2<", "<tempo>2.005<")),
              ElementsAre(ScoreDifference{Kind::Changed, "bar 1 beat 1", "tempo 120 -> 120.3"}));

  const std::string meter = changed(good_score(), "<sigN>4<", "<sigN>8<");
  EXPECT_THAT(diff_scores(good_score(), changed(meter, "<sigD>4<", "<sigD>8<")),
              Contains(ScoreDifference{Kind::Changed, "bar 1", "time signature 4/4 -> 8/8"}));
}

TEST(DiffScores, KnowsTheTempoBehindABarThatTheOtherLacks) {
  const std::string good = good_score();
  const std::size_t first = good.find("<Measure>");
  const std::size_t end = good.find("</Measure>") + std::string("</Measure>").size();
  const std::string fast = changed(good, "<tempo>2<", "<tempo>3<").substr(first, end - first);
  const std::string tom = changed(fast, "<pitch>38", "<pitch>50");
  const std::string crash = changed(fast, "<pitch>38", "<pitch>49");
  const std::string crash_as_before = changed(crash, "<Tempo><tempo>3</tempo></Tempo>", "");
  const auto with = [&](const std::string& bars) {
    std::string score = good;
    return score.insert(end, bars);
  };
  const ScoreDifference removed{Kind::Removed, "bar 2", "the whole bar, notes: 4"};
  EXPECT_THAT(diff_scores(with(tom + crash_as_before), with(crash)), ElementsAre(removed));
  EXPECT_THAT(
      diff_scores(with(tom + crash_as_before), with(crash_as_before)),
      ElementsAre(removed, ScoreDifference{Kind::Changed, "bar 2 beat 1", "tempo 180 -> 120"}));
  EXPECT_THAT(
      diff_scores(with(tom + crash_as_before + crash_as_before),
                  with(crash_as_before + crash_as_before)),
      ElementsAre(removed, ScoreDifference{Kind::Changed, "bar 2 beat 1", "tempo 180 -> 120"}))
      << "once";
  EXPECT_THAT(diff_scores(with(tom + crash_as_before), with(crash_as_before), {.tempo = false}),
              ElementsAre(removed));
}

TEST(DiffScores, ReadsScoresOfNewerMuseScores) {
  for (const char* version : {"3.02", "4.20"}) {
    const std::string newer =
        changed(good_score(), "version=\"3.01\"", std::string("version=\"") + version + "\"");
    EXPECT_THAT(diff_scores(good_score(), newer), IsEmpty()) << version;
    EXPECT_THAT(
        diff_scores(changed(newer, "<velocity>80<", "<velocity>81<"), good_score()),
        ElementsAre(ScoreDifference{Kind::Changed, "bar 1 beat 3", "snare, velocity 81 -> 80"}));
    EXPECT_THAT(check_score(newer),
                ElementsAre(Field(&ScoreFinding::message,
                                  HasSubstr(std::string("format version ") + version +
                                            ", which MuseScore 3.2 does not open"))));
  }
  const std::string older = changed(good_score(), "version=\"3.01\"", "version=\"2.06\"");
  EXPECT_THROW(diff_scores(good_score(), older), InputError);
}

/// The good score's first bar and one more.
std::string with_second_bar(const std::string& second) {
  const std::string score = good_score();
  const std::size_t first = score.find("<Measure>");
  const std::size_t end = score.find("</Measure>", first) + 10;
  const std::string bar = second.empty() ? score.substr(first, end - first) : second;
  return score.substr(0, end) + bar + score.substr(end);
}

TEST(DiffScores, ARepeatSignSaysTheBarBeforeAgain) {
  const std::string sign =
      "<Measure><voice><RepeatMeasure><durationType>measure</durationType>"
      "<duration>4/4</duration></RepeatMeasure></voice></Measure>";
  const std::string repeated = with_second_bar(sign);
  EXPECT_THAT(check_score(repeated), IsEmpty());
  EXPECT_THAT(diff_scores(with_second_bar(""), repeated), IsEmpty());
  EXPECT_THAT(diff_scores(good_score(), repeated), Not(IsEmpty()));
  std::string newer = repeated;
  for (const auto& [before, after] :
       {std::pair("3.01", "4.20"), std::pair("<RepeatMeasure>", "<MeasureRepeat>"),
        std::pair("</RepeatMeasure>", "</MeasureRepeat>")}) {
    newer = changed(newer, before, after);
  }
  EXPECT_THAT(diff_scores(repeated, newer), IsEmpty()) << "as MuseScore 4 saves it";
}

TEST(DiffScores, ARestDrawnForSilentBarsIsNoBar) {
  const std::string rest =
      "<Measure len=\"8/4\"><multiMeasureRest>2</multiMeasureRest><voice><Rest><durationType>"
      "measure</durationType><duration>8/4</duration></Rest></voice></Measure>";
  EXPECT_THAT(check_score(with_second_bar(rest)), IsEmpty());
  EXPECT_THAT(diff_scores(good_score(), with_second_bar(rest)), IsEmpty());
}

/// A few bytes a sign, and each is as many notes as the bar before has.
TEST(CheckScore, RepeatsNoMoreNotesThanAnyScoreHas) {
  const std::string chord =
      "<Chord><durationType>quarter</durationType><Note><pitch>38</pitch></Note></Chord>";
  std::string bars = "<Measure len=\"1000/4\"><voice>";
  for (int i = 0; i < 1000; ++i) bars += chord;
  bars += "</voice></Measure>";
  for (int i = 0; i < 600; ++i) {
    bars +=
        "<Measure len=\"1000/4\"><voice><RepeatMeasure><durationType>measure</durationType>"
        "</RepeatMeasure></voice></Measure>";
  }
  const std::string score = changed(good_score(), "</Measure>", "</Measure>" + bars);
  const std::vector<ScoreFinding> findings = check_score(score);
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings.front().place, "bar 503");
  EXPECT_EQ(findings.front().message, "repeat signs of more notes than any score has");
  EXPECT_THROW(diff_scores(score, score), InputError);
}

TEST(CheckScore, ARepeatSignNeedsABarBefore) {
  const std::string score = good_score();
  const std::size_t first = score.find("<Measure>");
  const std::string broken = score.substr(0, first) +
                             "<Measure><voice><RepeatMeasure><durationType>measure</durationType>"
                             "<duration>4/4</duration></RepeatMeasure></voice></Measure>" +
                             score.substr(first);
  EXPECT_THAT(check_score(broken),
              Contains(Field(&ScoreFinding::message,
                             HasSubstr("a repeat sign without a bar of the same length"))));
}

TEST(DiffScores, ABarMoreDoesNotChangeThoseThatFollow) {
  const std::string score = changed(good_score(), "<pitch>38</pitch>", "<pitch>50</pitch>");
  const std::size_t begin = good_score().find("<Measure>");
  const std::size_t end = good_score().find("</Measure>") + std::string("</Measure>").size();
  const std::string bar = good_score().substr(begin, end - begin);
  std::string longer = score;
  longer.insert(score.find("<Measure>"), bar);
  EXPECT_THAT(diff_scores(score, longer),
              ElementsAre(AllOf(Field(&ScoreDifference::kind, Kind::Added),
                                Field(&ScoreDifference::place, "bar 1"))));
  EXPECT_THAT(diff_scores(longer, score),
              ElementsAre(AllOf(Field(&ScoreDifference::kind, Kind::Removed),
                                Field(&ScoreDifference::place, "bar 1"))));
}

TEST(DiffScores, RefusesWhatIsNoScore) {
  EXPECT_THROW(diff_scores("<html/>", good_score()), InputError);
  EXPECT_THROW(diff_scores(good_score(), ""), InputError);
}

}  // namespace
}  // namespace fyr
