// Boxes that scroll sideways (code, output, formulas, tables) can be reached with the
// keyboard; those that fit are no stop on its way.
const watched = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const scrolls = target.scrollWidth > target.clientWidth;
    scrolls ? target.setAttribute("tabindex", "0") : target.removeAttribute("tabindex");
  }
});
document
  .querySelectorAll(".bd-article pre, .course-formula")
  .forEach((box) => watched.observe(box));
