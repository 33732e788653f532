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
  \time 4/4 \voiceOne \tempo "Swing" 4 = 120 <ridecymbal>4\mf <ridecymbal>8[ <\parenthesize snare ridecymbal>8] <ridecymbal>4 \tuplet 3/2 { <ridecymbal>8[ <\parenthesize snare>8 <ridecymbal>8] } |
  \time 3/4 \tuplet 6/4 { <snare>16[ <snare>16 <snare>16 <snare>16 <snare>16 <snare>16] } <snare>8[ \tuplet 3/2 { <snare>8 <snare>16] } <snare>4 |
  \oneVoice \stemUp \grace { <snare>16[ <snare>16] } <snare>4 r8 <snare>8:32 r4 |
  \bar "|."
}

feet = \drummode {
  \voiceTwo
  \autoBeamOff
  <bassdrum>4 <pedalhihat>4 s4 <pedalhihat>8[ <bassdrum>8] |
  <bassdrum>4 <bassdrum>4 <bassdrum>4 |
  \grace { s16 s16 } s1*3/4 |
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
