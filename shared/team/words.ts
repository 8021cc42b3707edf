/**
 * Plain English words that are told apart by ear and by eye, the same in every language of the screens: they are compared,
 * not read. Their order is part of what two laptops agree on: never change it.
 */
export const WORDS: readonly string[] = `
  acorn amber anchor apple apron arrow aspen badge bagel balcony bamboo banana barley barn basin basket beacon
  beaver bell bench berry birch bison blanket blossom boat bonnet bottle bowl branch bread bridge broom brush bucket
  button cabin cactus camel camera candle canoe canyon carpet carrot castle cedar cello chalk cherry chest chimney
  cider circus clover coat cobalt cocoa coin comet copper coral cotton cradle crane crayon cricket crown crystal
  cupboard curtain daisy desert diamond dolphin donkey dragon drum duck eagle easel elbow elm ember engine falcon
  feather fern fiddle field finch flag flute forest fork fossil fox garden garlic ginger glacier glove goat goose
  grape gravel guitar hammer harbour harp hazel hedge helmet heron hinge honey hook horse iris island ivory jacket
  jasmine jelly jewel jungle kayak kettle kitten kiwi ladder lagoon lamp lantern lemon lentil lily linen lion lizard
  lobster locket lotus magnet mango maple marble meadow melon mirror mitten monkey moon mosaic moss mountain
  mushroom napkin nectar needle nest noodle nutmeg oasis oatmeal ocean olive onion orchid otter oven owl paddle
  palace panda paper parrot peach pebble pelican pencil pepper piano pickle pigeon pillow pine planet plum pocket
  pond poppy potato pottery puffin pumpkin puzzle quartz quilt rabbit radish raft rainbow raven ribbon river robin
  rocket rope ruby saddle salmon sandal satin saucer scarf shadow sheep shelf shovel silver sparrow spider spinach
  spoon squirrel stable statue sugar sunset swan table tailor teapot temple thimble ticket tiger tomato tractor
  trumpet tulip tunnel turnip turtle umbrella valley vanilla velvet violin wagon walnut window winter yogurt zebra
`
  .trim()
  .split(/\s+/);

/** Eight words for a key: one for each of the first eight bytes of its SHA-256, given as hex. */
export function wordsOf(digest: string): string[] {
  return [0, 2, 4, 6, 8, 10, 12, 14].map((at) => WORDS[Number.parseInt(digest.slice(at, at + 2), 16)] ?? '');
}
