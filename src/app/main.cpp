// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line.hpp"

int main(int argc, char** argv) { return fyr::app::run(argc, argv); }
