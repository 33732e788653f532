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
  \time 4/4 \set Timing.measureLength = #(ly:make-moment 1/4) \oneVoice \stemUp \tempo 4 = 120 <snare>8[\mf <snare>8]^> |
  \set Timing.measureLength = #(ly:make-moment 1/1) \set Score.currentBarNumber = #1 \voiceOne <crashcymbal>8[ <closedhihat>8 <snare closedhihat>8 <closedhihat>8] <closedhihat>8[ <closedhihat>8 <snare closedhihat>8 <closedhihat>8] |
  <closedhihat>16[ <\parenthesize snare>16 <closedhihat>16 <closedhihat>16] <snare closedhihat>8[ <closedhihat>16 <\parenthesize snare>16] <closedhihat>16[ <\parenthesize snare>16 <closedhihat>16 <closedhihat>16] <snare closedhihat>8[ <openhihat>16 <\parenthesize snare>16] |
  <snare>8[ <snare>8 <hightom>8 <hightom>8] <snare>8[^> <snare>16 <snare>16] \slashedGrace { <snare>8 } <snare>8.[ <highfloortom>16] |
  <snare>8[ <crashcymbal>8] <snare>4^> <crashcymbal>4-\tweak self-alignment-X #CENTER -\tweak parent-alignment-X #CENTER ^\markup { \musicglyph "scripts.rcomma" } \tweak staff-position 0 r4 |
  \bar "|."
}

feet = \drummode {
  \voiceTwo
  \autoBeamOff
  s1*1/4 |
  <bassdrum>4 s4 <bassdrum>8[ <bassdrum>8] s4 |
  <bassdrum>8.[ <bassdrum>16] s4 r8 <bassdrum>16[ <bassdrum>16] s4 |
  <pedalhihat>4 <pedalhihat>4 <pedalhihat>4 \grace { s8 } <pedalhihat>4 |
  s8 <bassdrum>8 s4 <bassdrum>4 s4 |
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
