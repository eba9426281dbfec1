import en from "./messages-en.js";

/**
 * The texts of the web UI in the first of the user's languages that has a catalog, or in English. A new language needs
 * a catalog with the same keys as `messages-en.js`, and an entry here.
 */
const CATALOGS = { en };

const language = navigator.languages.map(tag => tag.split("-")[0]).find(tag => tag in CATALOGS) ?? "en";
document.documentElement.lang = language;

/** @type {typeof en} */
export const t = CATALOGS[language];
