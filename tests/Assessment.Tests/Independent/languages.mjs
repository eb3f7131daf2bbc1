// What Node's Intl says: the plural category of 0 to 200 and of decimals, and numbers as they are written, for each language of the Union.
const languages = process.argv[2].split(',');
const numbers = [
  ...Array.from({ length: 201 }, (_, n) => String(n)),
  '1000000', '2000000', '1000001', '0.0', '1.0', '0.1', '0.01', '0.10', '0.11', '0.21', '1.1', '1.11', '1.2', '1.21', '1.31', '2.0', '2.1', '2.5', '3.0', '4.00', '5.0', '10.0', '10.1', '11.1', '20.0', '21.0', '21.1', '21.01', '101.1', '111.11',
];
const out = {};
for (const language of languages) {
  // Node's "pt" is that of Brazil; the Union's is that of Portugal.
  const locale = language === 'pt' ? 'pt-PT' : language;
  const plurals = {};
  for (const number of numbers) {
    const digits = (number.split('.')[1] ?? '').length;
    plurals[number] = new Intl.PluralRules(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).select(Number(number));
  }
  const written = [0, 7.5, 1234, 12345.6, 1234567, -1234.5].map((number) => new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(number));
  out[language] = { plurals, categories: new Intl.PluralRules(locale).resolvedOptions().pluralCategories, written };
}
process.stdout.write(JSON.stringify(out));
