/** What a remote's figure is kept under: one item of the remote at one of its locations. Location '': the item anywhere. */
export function figureKey(remoteItem: string, remoteLocation: string): string {
  return `${remoteItem}\u001F${remoteLocation}`;
}
