using LivePatch.Kernel.Images;

namespace LivePatch.Kernel.Tests.Images;

public sealed class BannerInfoTests
{
    [Theory]
    [InlineData(
        "Linux version 6.1.0-56-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils "
            + "for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)",
        "6.1.0-56-amd64", "gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0", "GNU ld (GNU Binutils for Debian) 2.40",
        "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)")]
    [InlineData(
        "Linux version 5.14.0-1.el9.x86_64 (mock@x.org) (gcc (GCC) 11.4.1 20230605 (Red Hat 11.4.1-2), GNU ld version 2.35.2-42.el9) #1 "
            + "SMP Thu\n",
        "5.14.0-1.el9.x86_64", "gcc (GCC) 11.4.1 20230605 (Red Hat 11.4.1-2)", "GNU ld version 2.35.2-42.el9", "#1 SMP Thu")]
    [InlineData(
        "Linux version 6.6.1 (a@b) (Debian clang version 14.0.6, Debian LLD 14.0.6) #2",
        "6.6.1", "Debian clang version 14.0.6", "Debian LLD 14.0.6", "#2")]
    [InlineData("Linux version 5.4.1 (a@b) (gcc version 9.3.0 (x, y)) #2", "5.4.1", "gcc version 9.3.0 (x, y)", "", "#2")]
    public void the_parts_are_told_apart(string banner, string release, string compiler, string linker, string version) =>
        Assert.Equal(new BannerInfo(release, compiler, linker, version), BannerInfo.TryParse(banner));

    [Theory]
    [InlineData("")]
    [InlineData("Linux version ")]
    [InlineData("Linux version 6.1.0")]
    [InlineData("Linux version 6.1.0 x")]
    [InlineData("Linux version 6.1.0 (a@b) (gcc (12")]
    [InlineData("Linux version %s (%s)")]
    public void other_text_is_no_banner(string text) => Assert.Null(BannerInfo.TryParse(text));
}
