/**
 * Characters that are drawn like an ASCII letter or digit (or like a space, a hyphen, a slash): Greek, Cyrillic,
 * Armenian, Cherokee, Lisu, Coptic, Deseret, small capitals. What Unicode itself maps to ASCII (fullwidth,
 * mathematical, circled, letterlike: NFKC) is not listed again; `test/spelling` holds the table to that. Of a letter in
 * two cases one may be listed: the other one reads as the same ASCII letter in the other case.
 *
 * One entry a character: the character, then the code points that pass for it, in hexadecimal.
 */
export const LOOKALIKES =
  '  85 1680 2028 2029 2800|- 2010 2012 2013 2014 2043 2212|/ 2044 2215 2571 29f8|2 1a7 3e8 14bf a644 a75a' +
  '|3 1b7 21c 417 4e0 2ccc a76a a7ab 1d206|4 13ce|5 1bc|6 431 13ee 2cd2|7 1d212|8 222 223|9 2cca a76e' +
  '|A 391 410 13aa 15c5 a4ee 102a0|B 392 412 13f4 15f7 a4d0 a7b4 10282 102a1 10301' +
  '|C 421 13df 2ca4 a4da 10302 10415 1051c|D 13a0 15de 15ea a4d3|E 395 415 13ac 22ff a4f0 10286' +
  '|F 3dc 15b4 a4dd a798 10287 102a5 10525 1d213|G 50c 13c0 13f3 a4d6|H 397 41d 13bb 157c 2c8e a4e7 102cf' +
  '|I 399 406 4c0 2c92 a4f2|J 37f 408 13ab a4d9 a7b2|K 39a 41a 13e6 16d5 2c94 a4d7 10518' +
  '|L 13de 14aa 2cd0 a4e1 1041b 10526 1d22a|M 39c 3fa 41c 13b7 15f0 16d6 2c98 a4df 102b0 10311|N 39d 2c9a a4e0 10513' +
  '|O 39f 41e 555 2c9e a4f3 10292 102ab 10404 10516|P 3a1 420 13e2 146d 2ca2 a4d1 10295|Q 51a 2d55' +
  '|R 1a6 13a1 13d2 1587 a4e3 1d216|S 405 54f 13d5 13da a4e2 10296 10420' +
  '|T 3a4 422 13a2 22a4 27d9 2ca6 a4d4 10297 102b1 10315|U 54d 1200 144c 222a 22c3 a4f4 104ce' +
  '|V 474 13d9 142f 2d38 a4e6 1051d 1d20d|W 51c 13b3 13d4 a4ea' +
  '|X 3a7 425 16b7 2573 2cac a4eb a7b3 10290 102b4 10317 10322|Y 3a5 423 4ae 13a9 13bd 2ca8 a4ec 102b2' +
  '|Z 396 13c3 a4dc 102f5|a 251 3b1 430 1d00 237a|b 184 299 42c 13cf 15af|c 441 1d04 2ca5 abaf 1043d' +
  '|d 501 13e7 146f 1d05 a4d2|e 435 4bd 1d07 212e ab32|f 584 1e9d a730 a799 ab35|g 18d 261 262 581 1d83' +
  '|h 29c 4bb 570 13c2|i 131 269 26a 345 3b9 456 13a5 2373 a647 ab75|j 3f3 458 575 1d0a|k 138 3ba 43a 1d0b' +
  '|l 196 1c0 29f 4cf 5c0 7ca 2502|m 43c 1d0d|n 274 3b7 578 57c|o 3bf 3c3 43e 585 d20 10ff 1d0f 1d11 2c9f ab3d' +
  '|p 3c1 440 1d18 2ca3|q 51b 563 566|r 280 433 1d26 2c85 ab47 ab48 ab81|s 1bd 455 a731 abaa 10448|t 3c4 442 1d1b' +
  '|u 28b 3c5 57d 1d1c a79f ab4e ab52 104f6|v 3bd 475 5d8 1d20 2228 22c1 118c0|w 26f 461 51d 561 1d21' +
  '|x 3c7 445 1541 157d 292b 292c 2a2f|y 263 28f 3b3 443 4af 10e7 1d8c 1eff ab5a 118dc|z 1d22 ab93 118c4';

/** Characters that are drawn like a letter, and that NFKD takes for something else. */
export const EARLY: Readonly<Record<string, string>> = {
  '\u02db': 'i',
  '\u037a': 'i',
  '\u03f2': 'c',
  '\u03f9': 'C',
};

/**
 * Letters that are drawn like one ASCII letter, and like another one in the other case: the Greek `\u03bd` like `v`, its
 * capital like `N`.
 */
export const TWO_FACED = /[\u0196\u0269\u01bc\u01bd\u0397\u03b7\u039d\u03bd\u03a5\u03c5\u04c0\u04cf]/;

/** Alphabets of capital letters in one run: negative circled, negative squared, regional indicators. */
export const ALPHABETS = [0x1f150, 0x1f170, 0x1f1e6] as const;

/** The zeros of all scripts whose digits NFKC leaves as they are, in hexadecimal; nine digits follow each (`Nd`). */
export const ZEROS =
  '660 6f0 7c0 966 9e6 a66 ae6 b66 be6 c66 ce6 d66 de6 e50 ed0 f20 1040 1090 17e0 1810 1946 19d0 1a80 1a90 1b50 1bb0 1c40' +
  ' 1c50 a620 a8d0 a900 a9d0 a9f0 aa50 abf0 104a0 10d30 10d40 11066 110f0 11136 111d0 112f0 11450 114d0 11650 116c0 116d0' +
  ' 116da 11730 118e0 11950 11bf0 11c50 11d50 11da0 11de0 11f50 16130 16a60 16ac0 16b50 16d70 1e140 1e2f0 1e4f0 1e5f1' +
  ' 1e950';
