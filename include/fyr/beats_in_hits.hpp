// SPDX-License-Identifier: GPL-3.0-or-later

/// Beats in hits: what a network that reads drum hits says about beats and bars.
///
/// The network that listens knows 5 seconds of sound and the bars of the performances that it was
/// trained on. A smaller one reads the hits that were found, 30 seconds at a time, and was trained
/// on hits alone, the bars of many written styles among them (models/training/train_hits.py).
/// Downbeats from drum patterns by recurrent networks: Krebs, Böck, Dorfer & Widmer, "Downbeat
/// tracking using beat-synchronous features and recurrent neural networks", ISMIR 2016.
///
/// A frame has one input for each drum and each of its halves. A hit of velocity v is as strong as
///
///     s = least_strength + (1 - least_strength) v / 127
///
/// and shared between the two halves whose starts t is between, by how near they are; of several
/// hits of a drum the strongest counts. The outputs' log-odds are taken to hold in the middle of
/// their frame, between which they are interpolated. With z of the sound and of the hits
///
///     logit(p) = sound_weight z_sound + hits_weight z_hits + offset
#pragma once

#include <vector>

#include "fyr/matrix.hpp"
#include "fyr/model.hpp"
#include "fyr/network.hpp"
#include "fyr/onset.hpp"

namespace fyr {

/// What the hits network reads from `first_frame` on: n_frames x kNHitInputs, the drums in the
/// first half of the frame and then in the second. `hits` are in time order.
Matrix hit_frames(const std::vector<Onset>& hits, const HitsNetwork& settings,
                  Eigen::Index first_frame, Eigen::Index n_frames);

/// Replaces activations.beats by what sound and hits say together; without hits or beats of the
/// sound they stay as they are. `network` is made of `settings` (Network::hits_network); `hits` are
/// in time order. Pedals too fast for a foot it reads as closed hi-hats, for it was trained on what
/// drummers play.
void weigh_in_hits(const std::vector<Onset>& hits, const HitsNetwork& settings,
                   const Network& network, Activations& activations);

/// Beat activations of a performance without a sound, which counts as log-odds of -3 throughout:
/// every 10 ms up to `duration_s`. `hits` and `network` are as for weigh_in_hits.
Activations beats_of_hits(const std::vector<Onset>& hits, const HitsNetwork& settings,
                          const Network& network, double duration_s);

}  // namespace fyr
