/*
 * Swift's own library wants a hypotf, and glibc's has had a new version since 2.35: with this one,
 * which the linker finds first, the library loads with glibc 2.34 too (RHEL 9). Nothing calls it.
 */
#include <math.h>

__attribute__((visibility("hidden"))) float hypotf(float x, float y) {
  return (float)sqrt((double)x * x + (double)y * y);
}
