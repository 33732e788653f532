// SPDX-License-Identifier: GPL-3.0-or-later
#include "score/broken_scores.hpp"

#include <stdexcept>

namespace fyr::testing {

const std::string& good_score() {
  static const std::string score =
      R"(<?xml version="1.0" encoding="UTF-8"?><museScore version="3.01"><Score>)"
      "<Division>480</Division>"
      R"(<Part><Staff id="1"><StaffType group="percussion"><name>perc5Line</name></StaffType></Staff>)"
      "<trackName>Drumset</trackName><Instrument><useDrumset>1</useDrumset>"
      R"(<Drum pitch="36"><head>normal</head><line>7</line><voice>1</voice><name>Kick</name><stem>2</stem></Drum>)"
      R"(<Drum pitch="38"><head>normal</head><line>3</line><voice>0</voice><name>Snare</name><stem>1</stem></Drum>)"
      R"(<Drum pitch="42"><head>cross</head><line>-1</line><voice>0</voice><name>Hat</name><stem>1</stem></Drum>)"
      R"(<Drum pitch="49"><head>cross</head><line>-2</line><voice>0</voice><name>Crash</name><stem>1</stem></Drum>)"
      R"(<Drum pitch="50"><head>normal</head><line>1</line><voice>0</voice><name>Tom</name><stem>1</stem></Drum>)"
      R"(<Channel><program value="0"/></Channel></Instrument></Part>)"
      R"(<Staff id="1"><Measure><voice>)"
      "<TimeSig><sigN>4</sigN><sigD>4</sigD></TimeSig><Tempo><tempo>2</tempo></Tempo>"
      "<Tuplet><normalNotes>2</normalNotes><actualNotes>3</actualNotes><baseNote>eighth</baseNote>"
      "</Tuplet>"
      "<Chord><durationType>eighth</durationType><Note><pitch>42</pitch><head>cross</head></Note>"
      "</Chord>"
      "<Chord><durationType>eighth</durationType><Note><pitch>42</pitch></Note></Chord>"
      "<Rest><durationType>eighth</durationType></Rest><endTuplet/>"
      "<Rest><durationType>quarter</durationType></Rest>"
      "<Chord><dots>1</dots><durationType>quarter</durationType><Note><pitch>38</pitch>"
      "<velocity>80</velocity><veloType>user</veloType></Note></Chord>"
      "<Rest><durationType>eighth</durationType></Rest></voice>"
      "<voice><Chord><durationType>whole</durationType><Note><pitch>36</pitch></Note></Chord></"
      "voice>"
      "</Measure></Staff></Score></museScore>";
  return score;
}

std::string changed(std::string document, std::string_view from, std::string_view to) {
  const std::size_t found = document.find(from);
  if (found == std::string::npos) throw std::logic_error("no " + std::string(from));
  return document.replace(found, from.size(), to);
}

std::vector<BrokenScore> broken_scores() {
  const std::string& good = good_score();
  const std::string rest = "<Rest><durationType>quarter</durationType></Rest>";
  const std::string tuplet_end = "<Rest><durationType>eighth</durationType></Rest><endTuplet/>";
  const std::string grace =
      "<Chord><acciaccatura/><durationType>eighth</durationType><Note><pitch>38</pitch></Note>"
      "</Chord>";
  const std::string part =
      good.substr(good.find("<Part>"),
                  good.find("</Part>") + std::string_view("</Part>").size() - good.find("<Part>"));
  std::vector<BrokenScore> broken{
      {"cut off", good.substr(0, good.size() / 2), "not well-formed"},
      {"ampersand", changed(good, "Hat", "Hat & co"), "not well-formed", Asked::Crashes},
      {"another program's", "<score-partwise version=\"3.1\"/>", "no <museScore>"},
      {"newer version", changed(good, "3.01", "4.20"), "version 4.20"},
      {"never released version", changed(good, "3.01", "3.00"), "version 3.00"},
      {"voice 1 too long", changed(good, rest, rest + rest), "lasts 5/4 instead of 1"},
      {"voice 1 too short", changed(good, rest, ""), "lasts 3/4 instead of 1"},
      {"voice 2 too long", changed(good, "whole", "breve"), "lasts 2 instead of 1"},
      {"tuplet not full", changed(good, tuplet_end, "<endTuplet/>"), "not full"},
      {"tuplet without end", changed(good, "<endTuplet/>", ""), "no <endTuplet/>"},
      {"unknown duration", changed(good, "<durationType>whole", "<durationType>1th"),
       "unknown <durationType> \"1th\""},
      {"dots too late",
       changed(good, "<dots>1</dots><durationType>quarter</durationType>",
               "<durationType>quarter</durationType><dots>1</dots>"),
       "<dots> after"},
      {"empty voice", changed(good, "</Measure>", "</Measure><Measure><voice></voice></Measure>"),
       "empty <voice>"},
      {"empty bar", changed(good, "</Measure>", "</Measure><Measure></Measure>"),
       "empty <Measure>"},
      {"attributes without a blank", changed(good, "version=\"3.01\"", "version=\"3.01\"a=\"1\""),
       "two attributes without a blank"},
      {"no entity", changed(good, "Hat", "Hat&nbsp;"), "an & that"},
      {"no character", changed(good, "Hat", "Hat&#1;"), "an & that"},
      {"Latin 1", changed(good, "Hat", "H\xE4t"), "bytes that are no UTF-8"},
      {"control character", changed(good, "Hat", "H\x01t"), "a control character"},
      {"dashes in a comment", changed(good, "<Division>", "<!-- a -- b --><Division>"),
       "a comment with --"},
      {"grace note before a rest", changed(good, tuplet_end, grace + tuplet_end),
       "a grace note before a rest", Asked::Drops},
      {"grace note at the end", changed(good, "</voice><voice>", grace + "</voice><voice>"),
       "a grace note that no chord follows", Asked::Drops},
      {"unknown element", changed(good, "<endTuplet/>", "<endTuplet/><Cowbell/>"), "<Cowbell>",
       Asked::Drops},
      {"key not in the map", changed(good, "<Note><pitch>36<", "<Note><pitch>35<"),
       "35 is not in the drum map"},
      {"piano", changed(good, "<useDrumset>1</useDrumset>", ""), "piano"},
      {"piano again", changed(good, "<useDrumset>1<", "<useDrumset>0<"), "piano"},
  };
  broken.push_back(
      {"no version", changed(good, " version=\"3.01\"", ""), "no version", Asked::Crashes});
  broken.push_back({"no channel", changed(good, "<Channel><program value=\"0\"/></Channel>", ""),
                    "<Channel>", Asked::Crashes});
  broken.push_back({"staff of no part",
                    changed(good, "<Staff id=\"1\"><Measure>", "<Staff id=\"2\"><Measure>"),
                    "staff 2 belongs to no <Part>", Asked::Crashes});
  const std::string voice = "<voice>" + rest + "</voice>";
  broken.push_back({"five voices",
                    changed(good, "</Measure>", voice + voice + voice + "</Measure>"),
                    "more than four <voice>s", Asked::Crashes});
  broken.push_back(
      {"part after staff",
       changed(changed(good, part, ""), "</Staff></Score>", "</Staff>" + part + "</Score>"),
       "<Part> after", Asked::Crashes});
  return broken;
}

}  // namespace fyr::testing
