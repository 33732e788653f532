// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace fyr::test {

/// Calls of malloc and aligned_alloc until now. Only for programs that are linked with
/// count_allocations.cpp, which replaces both.
long n_allocations();

}  // namespace fyr::test
