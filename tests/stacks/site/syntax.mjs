// What no browser can parse.
export const broken = ;
