// SPDX-License-Identifier: GPL-3.0-or-later
#include "fyr/plot.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <new>
#include <numbers>

#include "fyr/error.hpp"
#include "plot/libcairo.hpp"
#include "score/bar_numbers.hpp"

namespace fyr {
namespace {

// In pixels.
constexpr double kPixelsPerS = 60;
constexpr double kMinWidth = 700;
constexpr double kMaxWidth = 32000;  // cairo's pictures end at 32767.
constexpr double kNames = 110;       ///< Left of the curves.
constexpr double kTop = 26;
constexpr double kBarTop = 6;  ///< Bar lines reach up beside their numbers.
constexpr double kLane = 54;
constexpr double kSeconds = 20;  ///< Below the curves.
constexpr double kMargin = 8;
constexpr double kNearestSeconds = 100;  ///< Numbers of seconds are as far apart at least.

constexpr float kVisible = 0.1F;  ///< Height of a curve that is shown though nothing is struck.

struct Colour {
  double red, green, blue;
};
constexpr Colour kInk{0.1, 0.1, 0.12};
constexpr Colour kGrid{0.88, 0.88, 0.86};
constexpr Colour kBarLine{0.6, 0.6, 0.58};
constexpr Colour kCurve{0.06, 0.43, 0.52};
constexpr Colour kHit{0.70, 0.15, 0.12};

struct Destroy {
  void operator()(cairo_surface_t* surface) const { cairo().surface_destroy(surface); }
  void operator()(cairo_t* pen) const { cairo().destroy(pen); }
};
using Surface = std::unique_ptr<cairo_surface_t, Destroy>;
using Pen = std::unique_ptr<cairo_t, Destroy>;

/// No exception may pass through cairo.
cairo_status_t append(void* bytes, const unsigned char* data, unsigned int length) {
  try {
    static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), length);
  } catch (const std::bad_alloc&) {
    return CAIRO_STATUS_NO_MEMORY;
  }
  return CAIRO_STATUS_SUCCESS;
}

void check(cairo_status_t status) {
  if (status == CAIRO_STATUS_NO_MEMORY) throw std::bad_alloc();
  if (status != CAIRO_STATUS_SUCCESS) {
    throw OutputError(std::string("cannot draw the plot (") + cairo().status_to_string(status) +
                      "); choose the other format, svg or png");
  }
}

void set(cairo_t* pen, const Colour& colour, double alpha = 1) {
  cairo().set_source_rgba(pen, colour.red, colour.green, colour.blue, alpha);
}

void line(cairo_t* pen, double x1, double y1, double x2, double y2) {
  cairo().move_to(pen, x1, y1);
  cairo().line_to(pen, x2, y2);
  cairo().stroke(pen);
}

/// Columns of the drums that are struck or nearly heard; all of them if none is struck.
std::vector<Eigen::Index> shown_columns(const Activations& activations,
                                        const std::vector<Onset>& hits) {
  std::vector<Eigen::Index> columns;
  for (Eigen::Index i = 0; i < std::ssize(activations.drums); ++i) {
    const Drum drum = activations.drums[static_cast<std::size_t>(i)];
    const bool struck = std::ranges::find(hits, drum, &Onset::drum) != hits.end();
    const bool visible = (activations.onsets.col(i).array() >= kVisible).any();
    if (struck || visible || hits.empty()) columns.push_back(i);
  }
  return columns;
}

/// Between numbers of seconds, in a picture of this scale.
int seconds_step(double pixels_per_s) {
  int step_s = 1;
  for (const int more : {2, 5, 10, 20, 30, 60, 120, 300, 600}) {
    if (step_s * pixels_per_s < kNearestSeconds) step_s = more;
  }
  return step_s;
}

/// One picture: where things are, and how they are drawn.
class Plot {
 public:
  Plot(const Analysis& analysis, const PerDrum<PeakPicking>& peak_picking,
       const Transcription& heard)
      : analysis_(analysis),
        peak_picking_(peak_picking),
        heard_(heard),
        columns_(shown_columns(analysis.activations, heard.onsets)),
        width_(
            std::clamp(kNames + kPixelsPerS * analysis.duration_s + kMargin, kMinWidth, kMaxWidth)),
        lanes_end_(kTop + kLane * static_cast<double>(columns_.size())) {}

  double width() const { return width_; }
  double height() const { return lanes_end_ + kSeconds; }

  void draw(cairo_t* pen) const {
    set(pen, {1, 1, 1});
    cairo().paint(pen);
    cairo().select_font_face(pen, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    cairo().set_font_size(pen, 12);
    draw_beats(pen);
    draw_seconds(pen);
    double top = kTop;
    for (const Eigen::Index column : columns_) {
      draw_lane(pen, column, top);
      top += kLane;
    }
  }

 private:
  double x_of(double time_s) const {
    const double duration_s = std::max(analysis_.duration_s, 1e-3);
    return kNames + (width_ - kNames - kMargin) * time_s / duration_s;
  }

  static double y_of(double value, double top) { return top + kLane - 6 - value * (kLane - 14); }

  void draw_beats(cairo_t* pen) const {
    cairo().set_line_width(pen, 1);
    for (const Beat& beat : heard_.rhythm.beats) {
      if (beat.number > 1) draw_line(pen, line_x(beat.time_s), kGrid, kTop);
    }
    const std::vector<Measure>& measures = heard_.score.measures;
    const std::vector<int> numbers = bar_numbers(heard_.score);
    for (std::size_t i = heard_.score.n_silent; i < measures.size(); ++i) {
      if (!measures[i].numbered) continue;  // A pickup.
      const double x = line_x(heard_.rhythm.bars[i - heard_.score.n_silent].start_s);
      if (!draw_line(pen, x, kBarLine, kBarTop)) continue;
      set(pen, kInk);
      cairo().move_to(pen, x + 4, 17);
      cairo().show_text(pen, std::to_string(numbers[i]).c_str());
    }
  }

  /// As lists of hits tell times.
  void draw_seconds(cairo_t* pen) const {
    set(pen, kInk);
    const int step_s = seconds_step(x_of(1) - x_of(0));
    for (int time_s = 0; time_s < analysis_.duration_s; time_s += step_s) {
      const double x = line_x(time_s);
      line(pen, x, lanes_end_, x, lanes_end_ + 5);
      cairo().move_to(pen, x + 4, lanes_end_ + 14);
      cairo().show_text(pen, (std::to_string(time_s) + " s").c_str());
    }
  }

  /// The middle of a pixel, where lines are sharp.
  double line_x(double time_s) const { return std::round(x_of(time_s)) + 0.5; }

  /// False for a moment that is not in the picture.
  bool draw_line(cairo_t* pen, double x, const Colour& colour, double top) const {
    if (x < kNames || x > width_ - kMargin) return false;
    set(pen, colour);
    line(pen, x, top, x, lanes_end_);
    return true;
  }

  void draw_lane(cairo_t* pen, Eigen::Index column, double top) const {
    const Activations& activations = analysis_.activations;
    const Drum drum = activations.drums[static_cast<std::size_t>(column)];
    set(pen, kInk);
    cairo().move_to(pen, kMargin, y_of(0.3, top));
    cairo().show_text(pen, std::string(info(drum).name).c_str());

    cairo().move_to(pen, x_of(0), y_of(0, top));
    // Of a long recording many frames share a pixel: the highest is what can be seen.
    const auto curve = activations.onsets.col(column);
    const double pixels_a_frame = x_of(activations.hop_s) - x_of(0);
    const auto step = std::max<Eigen::Index>(1, static_cast<Eigen::Index>(1 / pixels_a_frame));
    for (Eigen::Index frame = 0; frame < curve.size(); frame += step) {
      const double time_s = static_cast<double>(frame) * activations.hop_s;
      const float highest = curve.segment(frame, std::min(step, curve.size() - frame)).maxCoeff();
      cairo().line_to(pen, x_of(time_s), y_of(static_cast<double>(highest), top));
    }
    cairo().line_to(pen, x_of(analysis_.duration_s), y_of(0, top));
    set(pen, kCurve, 0.3);
    cairo().fill_preserve(pen);
    set(pen, kCurve);
    cairo().stroke(pen);

    const double dashes[] = {4, 4};
    const double threshold_y = y_of(peak_picking_[index_of(drum)].threshold, top);
    cairo().set_dash(pen, dashes, 2, 0);
    set(pen, kInk, 0.5);
    line(pen, kNames, threshold_y, width_ - kMargin, threshold_y);
    cairo().set_dash(pen, nullptr, 0, 0);
    for (const Onset& hit : heard_.onsets) {
      if (hit.drum == drum) draw_hit(pen, hit, top);
    }
  }

  /// At the height of its confidence, which the threshold is for; the louder, the larger.
  void draw_hit(cairo_t* pen, const Onset& hit, double top) const {
    set(pen, kHit);
    cairo().arc(pen, x_of(hit.time_s), y_of(hit.confidence, top), 2 + 2.5 * hit.velocity / 127.0, 0,
                2 * std::numbers::pi);
    cairo().fill(pen);
  }

  const Analysis& analysis_;
  const PerDrum<PeakPicking>& peak_picking_;
  const Transcription& heard_;
  std::vector<Eigen::Index> columns_;
  double width_;
  double lanes_end_;
};

}  // namespace

std::string plot_activations(const Analysis& analysis, const PerDrum<PeakPicking>& peak_picking,
                             const Transcription& heard, PlotFormat format) {
  const Plot plot(analysis, peak_picking, heard);
  std::string bytes;
  const Surface surface(
      format == PlotFormat::Svg
          ? cairo().svg_surface_create_for_stream(append, &bytes, plot.width(), plot.height())
          : cairo().image_surface_create(CAIRO_FORMAT_RGB24, static_cast<int>(plot.width()),
                                         static_cast<int>(plot.height())));
  check(cairo().surface_status(surface.get()));
  {
    const Pen pen(cairo().create(surface.get()));
    plot.draw(pen.get());
    check(cairo().status(pen.get()));
  }
  if (format == PlotFormat::Png) {
    check(cairo().surface_write_to_png_stream(surface.get(), append, &bytes));
  }
  cairo().surface_finish(surface.get());
  check(cairo().surface_status(surface.get()));
  return bytes;
}

}  // namespace fyr
