#ifndef METER_RENDER_PANEL_H
#define METER_RENDER_PANEL_H

/*
 * Text as a live panel that fills a terminal's window: cut to its size, and
 * drawn over what stands there, line by line, where it is another.  It stands
 * on the terminal's second screen, so that the first one comes back as it was.
 */

#include <stddef.h>

struct buf;

struct panel_size {
	size_t rows, columns;
};

/*
 * Append text, whole lines, cut to the window: a line that is too wide ends
 * in `>`, and where there are too many lines, the first ones and the last tail
 * of them stay, of which the first count most, and a line between says how
 * many are left out.  Colour is let through and ends with its line.
 */
void panel_fit(struct buf *out, const char *text, struct panel_size size,
    size_t tail);

/* Append what makes the window ready, and what leaves it as it was. */
void panel_enter(struct buf *out);
void panel_leave(struct buf *out);

/*
 * Append what draws the frame, which panel_fit made, over the one before;
 * NULL where it is not known what stands in the window.
 */
void panel_draw(struct buf *out, const char *frame, const char *before);

#endif
