// What a visitor gets for the money.

export class Receipt {
  constructor(sum) {
    this.sum = sum;
    if (!(sum > 1000)) return;
    throw new RangeError(`No receipt for ${sum}`);
  }

  print(format) {
    const lines = [this.sum, undefined];
    return lines.map(format); // mark: print
  }
}
