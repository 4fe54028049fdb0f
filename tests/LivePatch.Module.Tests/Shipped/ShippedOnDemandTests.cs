using LivePatch.Elf;
using LivePatch.Module.Extract;
using LivePatch.Module.Shipped;
using LivePatch.TestSupport;
using Xunit;

namespace LivePatch.Module.Tests.Shipped;

public sealed class ShippedOnDemandTests
{
    [Fact]
    public void the_object_is_wanted_once_a_place_was_asked_for_and_no_more_when_it_is_given()
    {
        using var source = CompiledSource.C("int one(void) { return 1; }");
        ElfObject? made = null;
        using var locator = new ShippedOnDemand(shipped =>
        {
            made = shipped;
            return new Everywhere();
        });
        Assert.False(locator.IsWanted);
        Assert.Null(locator.PlaceOf(null!));
        Assert.True(locator.IsWanted);

        var shipped = source.Read();
        locator.Give(shipped);
        Assert.Same(shipped, made);
        Assert.False(locator.IsWanted);
        Assert.Equal(new SymbolPlace(4, ".text"), locator.PlaceOf(null!));
    }

    private sealed class Everywhere : ISymbolLocator
    {
        public SymbolPlace? PlaceOf(SymbolRequest request) => new SymbolPlace(4, ".text");
    }
}
