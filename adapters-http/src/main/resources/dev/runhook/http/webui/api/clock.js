/**
 * The clock of the server. The times of the API are compared with it, because the clock of the browser may be wrong.
 */

/** The header `Date` omits the fractions of a second, and its response is on the way for a moment. */
const PRECISION = 1500;

let offset = 0;

export const now = () => Date.now() + offset;

/** @param date the header `Date` of a response that has just arrived, or null */
export function follow(date) {
  const measured = Date.parse(date) + 500 - Date.now();
  if (Math.abs(measured - offset) > PRECISION) offset = measured;
}
