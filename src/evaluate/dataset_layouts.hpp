// SPDX-License-Identifier: GPL-3.0-or-later

/// The published layouts of the data sets, one function each, and what they share.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "fyr/evaluate.hpp"

namespace fyr {

/// MDB Drums: audio/<part>, annotations/{class,subclass,beats}, annotations_pp.
Dataset list_mdb(const std::filesystem::path& root, const DatasetOptions& options);

/// IDMT-SMT-Drums V2: audio/*#MIX.wav, annotation_xml/*#MIX.xml.
Dataset list_idmt(const std::filesystem::path& root, const DatasetOptions& options);

/// E-GMD: e-gmd-v1.0.0.csv names audio and MIDI; offsets_ms.json, where present, the lag of the
/// audio.
Dataset list_egmd(const std::filesystem::path& root, const DatasetOptions& options);

/// The Groove MIDI Dataset, E-GMD's source: info.csv names audio and MIDI. Fills, two bars each,
/// are left out.
Dataset list_groove(const std::filesystem::path& root, const DatasetOptions& options);

/// `given`, or the first of the folders `names` in it, that holds `landmark`.
/// Throws InputError when none does.
std::filesystem::path dataset_root(const std::filesystem::path& given,
                                   const std::vector<std::string>& names,
                                   const std::string& landmark);

/// Files of `folder` whose stem ends in `ending`, by the stem without it.
std::map<std::string, std::filesystem::path> files_by_name(
    const std::filesystem::path& folder, const std::string& ending,
    const std::vector<std::string>& suffixes);

/// Recordings for what is in both; a problem for what is not.
void pair_up(const std::map<std::string, std::filesystem::path>& annotations,
             const std::map<std::string, std::filesystem::path>& audio, bool partial,
             Dataset& dataset);

}  // namespace fyr
