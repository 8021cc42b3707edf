/** The three things that are imported. */
export type ImportKind = 'items' | 'bins' | 'stock';

export type ItemField =
  | 'sku'
  | 'barcode'
  | 'name'
  | 'brand'
  | 'category'
  | 'size'
  | 'unit'
  | 'precision'
  | 'cost'
  | 'tracking'
  | 'packBarcode'
  | 'packFactor'
  | 'packName';
export type BinField = 'bin' | 'label' | 'site' | 'zone' | 'walk';
export type StockField = 'item' | 'bin' | 'quantity' | 'lot';
export type ImportField = ItemField | BinField | StockField;

/** What a column of each kind of file may be, in the order in which a person is offered it. */
export const FIELDS_OF: Readonly<Record<ImportKind, readonly ImportField[]>> = {
  items: ['sku', 'barcode', 'name', 'brand', 'category', 'size', 'unit', 'precision', 'cost', 'tracking', 'packBarcode', 'packFactor', 'packName'],
  bins: ['bin', 'label', 'site', 'zone', 'walk'],
  stock: ['item', 'bin', 'quantity', 'lot'],
};

/** Fields that several columns may have: an item has several barcodes, and several packs. */
export const REPEATED_FIELDS: ReadonlySet<ImportField> = new Set<ImportField>(['barcode', 'packBarcode', 'packFactor', 'packName']);

/** One of each inner list must have a column, or nothing can be imported. */
export const NEEDED_FIELDS: Readonly<Record<ImportKind, readonly (readonly ImportField[])[]>> = {
  items: [['sku', 'barcode']],
  bins: [['bin', 'label']],
  stock: [['item'], ['bin'], ['quantity']],
};

/**
 * Words by which columns are headed (English, German, French, Italian, Spanish, some Dutch), folded as for a search.
 * Earlier ones are surer: `kind` decides between meanings, so "name" is an item's name here and a bin's label there.
 */
export const HEADER_WORDS: Readonly<Record<ImportKind, Readonly<Partial<Record<ImportField, readonly string[]>>>>> = {
  items: {
    sku: [
      'sku', 'item number', 'item no', 'item code', 'product code', 'product number', 'article number', 'part number', 'stock code', 'stockcode', 'item id', 'product id',
      'artikelnummer', 'artikelnr', 'artikel nr', 'art nr', 'materialnummer', 'reference', 'ref', 'code article', 'numero article', 'codice articolo', 'codice prodotto', 'codice interno',
      'codigo articulo', 'codigo producto', 'codigo interno', 'referencia', 'riferimento', 'artikelcode', 'code', 'codice', 'codigo',
    ],
    barcode: [
      'barcode', 'bar code', 'ean', 'ean13', 'ean 13', 'ean8', 'ean code', 'gtin', 'gtin13', 'gtin14', 'upc', 'upc a', 'isbn', 'strichcode', 'ean nummer', 'code barres', 'code a barres', 'code ean', 'cip13',
      'codice a barre', 'codice ean', 'barre', 'codigo de barras', 'codigo barras', 'codigo ean', 'streepjescode',
    ],
    name: [
      'name', 'product name', 'item name', 'title', 'description', 'product', 'item', 'article', 'bezeichnung', 'artikelbezeichnung', 'artikelname', 'beschreibung', 'produkt', 'produktname', 'artikel',
      'designation', 'denomination', 'libelle', 'nom', 'produit', 'descrizione', 'nome', 'prodotto', 'denominazione', 'articolo', 'descripcion', 'nombre', 'producto', 'articulo', 'omschrijving', 'naam',
    ],
    brand: ['brand', 'brands', 'brand name', 'manufacturer', 'maker', 'marke', 'hersteller', 'marque', 'fabricant', 'titulaire', 'marca', 'produttore', 'fabricante', 'merk'],
    category: ['category', 'categories', 'main category', 'group', 'product group', 'department', 'kategorie', 'warengruppe', 'artikelgruppe', 'categorie', 'famille', 'rayon', 'categoria', 'reparto', 'gruppo', 'familia', 'grupo'],
    size: ['size', 'pack', 'pack size', 'net content', 'contents', 'quantity', 'format', 'grosse', 'inhalt', 'packung', 'gebinde', 'conditionnement', 'contenance', 'formato', 'confezione', 'quantita', 'contenido', 'tamano', 'presentacion'],
    unit: ['unit', 'uom', 'unit of measure', 'units', 'einheit', 'mengeneinheit', 'me', 'unite', 'unita', 'unita di misura', 'um', 'unidad', 'unidad de medida', 'eenheid'],
    precision: ['precision', 'decimals', 'decimal places', 'nachkommastellen', 'dezimalstellen', 'decimales', 'decimali'],
    cost: [
      'cost', 'unit cost', 'cost price', 'purchase price', 'price', 'unit price', 'einkaufspreis', 'ek', 'ek preis', 'kosten', 'preis', 'prix achat', 'prix d achat', 'prix', 'cout', 'costo', 'prezzo', 'prezzo acquisto',
      'coste', 'precio', 'precio compra', 'inkoopprijs', 'prijs', 'price eur', 'median price', 'cost eur',
    ],
    tracking: ['tracking', 'track by', 'lot tracking', 'serial tracking', 'chargenpflicht', 'verfolgung', 'suivi', 'tracciabilita', 'trazabilidad'],
    packBarcode: ['case barcode', 'pack barcode', 'carton barcode', 'case ean', 'case gtin', 'outer barcode', 'inner barcode', 'ean karton', 'karton ean', 've ean', 'ean carton', 'code barres carton', 'ean cartone', 'codice a barre cartone', 'ean caja'],
    packFactor: ['case quantity', 'case qty', 'pack quantity', 'pack qty', 'units per case', 'pieces per case', 'case size', 'pack factor', 'inner quantity', 'stuck pro karton', 've menge', 'menge pro karton', 'pieces par carton', 'colisage', 'pezzi per cartone', 'unidades por caja'],
    packName: ['pack name', 'pack type', 'case name', 'pack level', 'verpackung', 'verpackungsart', 'emballage', 'imballo', 'embalaje'],
  },
  bins: {
    bin: [
      'bin', 'bin code', 'bin id', 'code', 'location code', 'location number', 'locationnumber', 'location id', 'location', 'shelf', 'barcode', 'lagerplatz', 'lagerplatznummer', 'stellplatz', 'platz', 'platznummer', 'fach',
      'emplacement', 'code emplacement', 'ubicazione', 'codice ubicazione', 'codice', 'ubicacion', 'codigo ubicacion', 'codigo', 'locatie',
    ],
    label: ['label', 'name', 'bin name', 'location name', 'description', 'bezeichnung', 'etikett', 'beschriftung', 'etiquette', 'libelle', 'nom', 'etichetta', 'descrizione', 'nome', 'etiqueta', 'nombre', 'descripcion'],
    site: ['warehouse', 'site', 'building', 'store', 'branch', 'parent location', 'parentlocation', 'lager', 'lagerort', 'standort', 'filiale', 'gebaude', 'entrepot', 'magasin', 'batiment', 'magazzino', 'sede', 'almacen', 'edificio', 'tienda', 'magazijn'],
    zone: ['zone', 'area', 'section', 'aisle', 'bereich', 'gang', 'allee', 'zona', 'corsia', 'pasillo'],
    walk: ['walk', 'walk order', 'walking order', 'pick sequence', 'sequence', 'sort', 'sort order', 'order', 'reihenfolge', 'laufweg', 'ordre', 'sequenza', 'ordine', 'orden', 'secuencia', 'volgorde'],
  },
  stock: {
    item: [
      'item', 'sku', 'item number', 'item code', 'product code', 'barcode', 'ean', 'gtin', 'upc', 'code', 'article', 'product', 'artikelnummer', 'artikelnr', 'artikel', 'strichcode', 'reference', 'code article', 'code barres',
      'codice articolo', 'codice a barre', 'codice', 'articolo', 'codigo', 'codigo de barras', 'referencia', 'articulo',
    ],
    bin: ['bin', 'bin code', 'location', 'location code', 'shelf', 'lagerplatz', 'stellplatz', 'platz', 'fach', 'emplacement', 'ubicazione', 'ubicacion', 'locatie'],
    quantity: [
      'quantity', 'qty', 'on hand', 'stock', 'opening', 'opening stock', 'opening quantity', 'quantity on hand', 'qoh', 'count', 'amount', 'menge', 'bestand', 'anzahl', 'anfangsbestand', 'quantite', 'stock initial', 'qte',
      'quantita', 'giacenza', 'cantidad', 'existencias', 'aantal', 'voorraad', 'min opening stock',
    ],
    lot: ['lot', 'batch', 'lot number', 'batch number', 'charge', 'chargennummer', 'numero de lot', 'lotto', 'lote', 'partij'],
  },
};
