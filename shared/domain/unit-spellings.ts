/** What a unit measures. A `container` (box, pallet) has no factor to any other unit: what it holds differs by item. */
export type Dimension = 'count' | 'mass' | 'length' | 'area' | 'volume' | 'container';

/** A unit and every way it is written; spellings are parted by blanks and compared without case, accents and points. */
export type UnitRow = {
  readonly code: string;
  readonly symbol: string;
  readonly dimension: Dimension;
  /** Base units in one of it, as exact decimal text: kilogram, metre, square metre, litre, piece. */
  readonly factor: string;
  readonly decimals: number;
  readonly spellings: string;
};

function row(
  dimension: Dimension,
  code: string,
  symbol: string,
  factor: string,
  decimals: number,
  spellings = '',
): UnitRow {
  return { code, symbol, dimension, factor, decimals, spellings };
}

/**
 * Codes: UN/ECE Recommendations 20 and 21. Factors: the international yard and pound of 1959 (in = 25.4 mm, lb =
 * 0.45359237 kg), the US gallon of 231 in³, the imperial gallon of 4.54609 l; all exact by definition.
 * "oz" is the ounce of weight and "gal" the US gallon, as on GS1 labels; the imperial one has to be spelled out.
 */
export const UNIT_ROWS: readonly UnitRow[] = [
  row(
    'count',
    'C62',
    'pcs',
    '1',
    0,
    'pc pce pces piece pieces ea each eaches un unit units unt stk stck st stuck stucke stueck stuecke pz pezzo pezzi pza pieza piezas pieces ' +
      'ud uds unidad unidades unidade unita unite unites h87 nar number one szt sztuka ks kus db stuk stuks styck kpl adet шт item items article articles',
  ),
  row('count', 'PR', 'pair', '2', 0, 'pairs prs paar paare paire paires paio paia par pares npr'),
  row(
    'count',
    'DZN',
    'doz',
    '12',
    0,
    'dz dozen dozens dutzend dtz dtzd douzaine douzaines dozzina dozzine docena docenas dpc',
  ),
  row('count', 'GRO', 'gross', '144', 0, 'gros grs'),
  row('count', 'CEN', 'hundred', '100', 0, 'hundreds hundert'),
  row('count', 'MIL', 'thousand', '1000', 0, 'thousands tausend tsd'),

  row(
    'mass',
    'KGM',
    'kg',
    '1',
    3,
    'kgs kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes kilogrammo kilogrammi kilogramo kilogramos chilo chili chilogrammo chilogrammi quilo quilos quilograma quilogramas кг',
  ),
  row(
    'mass',
    'GRM',
    'g',
    '0.001',
    0,
    'gr gm gms gram grams gramm gramme grammes grammo grammi gramo gramos grama gramas г',
  ),
  row(
    'mass',
    'MGM',
    'mg',
    '0.000001',
    0,
    'mgs milligram milligrams milligramm milligramme milligrammes milligrammo milligrammi miligramo miligramos',
  ),
  row('mass', 'DJ', 'dag', '0.01', 1, 'dkg dekagramm decagram decagrams'),
  row('mass', 'HGM', 'hg', '0.1', 2, 'etto etti hectogram hectograms hektogramm'),
  row(
    'mass',
    'TNE',
    't',
    '1000',
    3,
    'to tonne tonnes tonnen metricton metrictons tonnellata tonnellate tonelada toneladas',
  ),
  row('mass', 'LBR', 'lb', '0.45359237', 3, 'lbs pound pounds'),
  row('mass', 'ONZ', 'oz', '0.028349523125', 2, 'ozs ounce ounces unze unzen avoirdupoisounce'),
  row('mass', 'APZ', 'ozt', '0.0311034768', 3, 'troz troyoz troyounce troyounces ozttr'),
  row('mass', 'STN', 'ton (US)', '907.18474', 3, 'ston shortton shorttons uston'),
  row('mass', 'LTN', 'ton (UK)', '1016.0469088', 3, 'lton longton longtons ukton'),

  row(
    'length',
    'MTR',
    'm',
    '1',
    3,
    'mtr mtrs mts meter meters metre metres metro metri metros lfm lfdm laufmeter laufendermeter м',
  ),
  row(
    'length',
    'MMT',
    'mm',
    '0.001',
    0,
    'mms millimeter millimeters millimetre millimetres millimetro millimetri milimetro milimetros мм',
  ),
  row(
    'length',
    'CMT',
    'cm',
    '0.01',
    1,
    'cms centimeter centimeters centimetre centimetres zentimeter centimetro centimetri centimetros см',
  ),
  row('length', 'DMT', 'dm', '0.1', 2, 'decimeter decimeters decimetre decimetres dezimeter decimetro decimetri'),
  row('length', 'KMT', 'km', '1000', 3, 'kms kilometer kilometers kilometre kilometres chilometro kilometro'),
  row('length', 'INH', 'in', '0.0254', 3, 'inch inches zoll pouce pouces pollice pollici pulgada pulgadas " ″'),
  row('length', 'FOT', 'ft', '0.3048', 3, "foot feet fuss pied pieds piede piedi ' ′"),
  row('length', 'YRD', 'yd', '0.9144', 3, 'yds yard yards'),

  row(
    'area',
    'MTK',
    'm²',
    '1',
    3,
    'm2 sqm qm sqmeter sqmeters sqmetre sqmetres squaremeter squaremeters squaremetre squaremetres quadratmeter mq metroquadro metriquadri metrocuadrado metroscuadrados metrecarre metrescarres',
  ),
  row(
    'area',
    'CMK',
    'cm²',
    '0.0001',
    0,
    'cm2 sqcm qcm squarecentimeter squarecentimeters squarecentimetre squarecentimetres quadratzentimeter',
  ),
  row('area', 'DMK', 'dm²', '0.01', 2, 'dm2 sqdm squaredecimetre quadratdezimeter'),
  row('area', 'MMK', 'mm²', '0.000001', 0, 'mm2 sqmm squaremillimetre squaremillimeter quadratmillimeter'),
  row('area', 'INK', 'in²', '0.00064516', 2, 'in2 sqin squareinch squareinches'),
  row('area', 'FTK', 'ft²', '0.09290304', 3, 'ft2 sqft squarefoot squarefeet'),
  row('area', 'YDK', 'yd²', '0.83612736', 3, 'yd2 sqyd squareyard squareyards'),

  row('volume', 'LTR', 'l', '1', 3, 'lt ltr ltrs lts dm3 dmq liter liters litre litres litro litri litros л'),
  row(
    'volume',
    'MLT',
    'ml',
    '0.001',
    0,
    'mls milliliter milliliters millilitre millilitres millilitro millilitri mililitro mililitros cc ccm cm3 cmq мл',
  ),
  row(
    'volume',
    'CLT',
    'cl',
    '0.01',
    1,
    'cls centiliter centiliters centilitre centilitres zentiliter centilitro centilitri',
  ),
  row('volume', 'DLT', 'dl', '0.1', 2, 'dls deciliter deciliters decilitre decilitres deziliter decilitro decilitri'),
  row(
    'volume',
    'HLT',
    'hl',
    '100',
    3,
    'hectoliter hectoliters hectolitre hectolitres hektoliter ettolitro ettolitri hectolitro hectolitros',
  ),
  row(
    'volume',
    'MTQ',
    'm³',
    '1000',
    3,
    'm3 cbm cum cubicmeter cubicmeters cubicmetre cubicmetres kubikmeter metrocubo metricubi mc',
  ),
  row('volume', 'OZA', 'fl oz', '0.0295735295625', 2, 'usfloz fluidounce fluidounces'),
  row('volume', 'PTL', 'pt', '0.473176473', 3, 'pint pints uspint uspt liqpt'),
  row('volume', 'QTL', 'qt', '0.946352946', 3, 'quart quarts usqt liqqt'),
  row('volume', 'GLL', 'gal', '3.785411784', 3, 'gals gallon gallons usgal usgallon usgallons galus'),
  row('volume', 'GLI', 'gal (UK)', '4.54609', 3, 'ukgal imperialgallon imperialgallons impgal ukgallon'),
  row('volume', 'INQ', 'in³', '0.016387064', 3, 'in3 cuin cubicinch cubicinches'),
  row('volume', 'FTQ', 'ft³', '28.316846592', 3, 'ft3 cuft cubicfoot cubicfeet'),
  row('volume', 'YDQ', 'yd³', '764.554857984', 3, 'yd3 cuyd cubicyard cubicyards'),

  row('container', 'XBX', 'box', '1', 0, 'boxes bx schachtel schachteln scatola scatole caja cajas boite boites'),
  row('container', 'XCT', 'carton', '1', 0, 'cartons ctn ctns karton kartons kart krt cartone cartoni'),
  row('container', 'XCS', 'case', '1', 0, 'cases cs kiste kisten caisse caisses cassa casse'),
  row(
    'container',
    'XPK',
    'pack',
    '1',
    0,
    'packs pk pkg pck pkt pak packung packungen packet packets package packages paquet paquets pacco pacchi paquete paquetes',
  ),
  row('container', 'XBG', 'bag', '1', 0, 'bags bg beutel tute tuten sac sacs sacchetto bolsa bolsas'),
  row('container', 'XSA', 'sack', '1', 0, 'sacks sacke sacco sacchi saco sacos'),
  row(
    'container',
    'XBO',
    'bottle',
    '1',
    0,
    'bottles btl btls flasche flaschen fl bouteille bouteilles bottiglia bottiglie botella botellas',
  ),
  row('container', 'XCA', 'can', '1', 0, 'cans dose dosen lattina lattine lata latas'),
  row('container', 'XTU', 'tube', '1', 0, 'tubes tuben tubo tubi tubos'),
  row('container', 'XJR', 'jar', '1', 0, 'jars glas glaser'),
  row('container', 'XRO', 'roll', '1', 0, 'rolls rl rolle rollen rouleau rouleaux rotolo rotoli rollo rollos'),
  row('container', 'XPX', 'pallet', '1', 0, 'pallets plt palette paletten palettes bancale pal'),
  row('container', 'XDR', 'drum', '1', 0, 'drums fass fasser'),
  row('container', 'XCR', 'crate', '1', 0, 'crates'),
  row('container', 'XBE', 'bundle', '1', 0, 'bundles bdl bund bunde'),
  row('container', 'SET', 'set', '1', 0, 'sets satz satze kit kits jeu jeux garnitur'),
  row('container', 'XST', 'sheet', '1', 0, 'sheets blatt bogen feuille feuilles foglio fogli hoja hojas'),
  row('container', 'RM', 'ream', '1', 0, 'reams ries'),
  row('container', 'XPU', 'tray', '1', 0, 'trays tablett'),
  row('container', 'XBJ', 'bucket', '1', 0, 'buckets eimer pail pails'),
];
