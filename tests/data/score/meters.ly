% Written by fyr 0.1.0
\version "2.24.0"

#(set-global-staff-size 18.2)

\header {
  title = "Golden \"R&B\" \\o/"
  composer = "Nobody"
  tagline = ##f
}

#(define fyr-drums '(
  (bassdrum () #f -3)
  (snare () #f 1)
  (sidestick cross #f 1)
  (closedhihat cross #f 5)
  (pedalhihat cross #f -5)
  (openhihat xcircle #f 5)
  (hightom () #f 3)
  (lowmidtom () #f 2)
  (highfloortom () #f -1)
  (ridecymbal cross #f 4)
  (ridebell harmonic-black #f 4)
  (crashcymbal cross #f 6)
  (tambourine triangle #f 7)
))

hands = \drummode {
  \numericTimeSignature
  \compressEmptyMeasures
  \autoBeamOff
  \time 7/8 \voiceOne \tempo 4 = 120 <ridecymbal>8[\mf <ridecymbal>8 <ridecymbal>8] <snare ridecymbal>8[ <ridecymbal>8] <snare ridecymbal>8[ <ridecymbal>8] |
  \time 6/8 <closedhihat>8[ <closedhihat>8 <closedhihat>8] <sidestick closedhihat>8[ <closedhihat>8 <closedhihat>8] |
  \time 5/4 <ridebell>4 <ridebell>4 <ridebell>4 <ridebell>4 <ridebell>4 |
  \time 2/4 \oneVoice \stemDown <bassdrum>4 <bassdrum>4 | \break
  \oneVoice \stemUp R1*1/2 |
  <tambourine>4 <\tweak NoteHead.color #(rgb-color 0.78 0 0) tambourine>4 |
  \bar "|."
}

feet = \drummode {
  \voiceTwo
  \autoBeamOff
  <bassdrum>4 <bassdrum>8 s4 s8 <bassdrum>8 |
  <bassdrum>4 r16 <bassdrum>16 s4. |
  <bassdrum>4 s4 s4 <bassdrum>4 s4 |
  s1*1/2 |
  s1*1/2 |
  s1*1/2 |
}

\score {
  \new DrumStaff \with {
    drumStyleTable = #(alist->hash-table fyr-drums)
  } <<
    \new DrumVoice \hands
    \new DrumVoice \feet
  >>
  \layout {
    indent = 0
    \context {
      \Score
      \override MetronomeMark.outside-staff-horizontal-padding = 2
      \override MultiMeasureRest.expand-limit = 1
      \override Parentheses.font-size = -2
      \override Parentheses.padding = 0.1
      \override RehearsalMark.outside-staff-horizontal-padding = 1
    }
  }
  \midi { }
}
