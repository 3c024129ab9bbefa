// What the shop sells; the server answers with it.

export const products = [
  {
    id: 1,
    name: 'Fjord tumbler',
    price: 19,
    picture: 'tumbler',
    text: 'Thick-walled, heavy in the hand, and clear as the water it is named after. Set of two.',
  },
  {
    id: 2,
    name: 'Alba carafe',
    price: 54,
    picture: 'carafe',
    text: 'Mouth-blown, one litre, with a neck that pours without a drop on the cloth.',
  },
  {
    id: 3,
    name: 'Stella wine glass',
    price: 29,
    picture: 'wineglass',
    text: 'A long drawn stem and a rim of one millimetre. Light, and stronger than it looks.',
  },
  {
    id: 4,
    name: 'Noor vase',
    price: 72,
    picture: 'vase',
    text: 'Amber glass, coloured all through. Stands as well empty as with a single branch.',
  },
  {
    id: 5,
    name: 'Luna coupe',
    price: 33,
    picture: 'coupe',
    text: 'The shallow glass of the twenties, made for sparkling wine and for small desserts.',
  },
  {
    id: 6,
    name: 'Mare bowl',
    price: 46,
    picture: 'bowl',
    text: 'Sea-coloured recycled glass. Every bowl has its own bubbles; none is a fault.',
  },
];

export const recommended = [2, 4, 5];
