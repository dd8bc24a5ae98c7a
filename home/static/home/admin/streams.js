// Blocks that this version of the shop cannot read are kept, but nobody adds one.
class Stream extends window.wagtailStreamField.blocks.StreamBlockDefinition {
  constructor(...definition) {
    super(...definition);
    this.groupedChildBlockDefs = this.groupedChildBlockDefs.map(([group, blocks]) => [
      group,
      blocks.filter((block) => block.name !== "unreadable"),
    ]);
  }
}
window.telepath.register("home.blocks.Stream", Stream);
