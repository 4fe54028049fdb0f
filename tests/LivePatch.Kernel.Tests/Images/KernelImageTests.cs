using System.Diagnostics;
using System.IO.Compression;
using LivePatch.Core.Diagnostics;
using LivePatch.Kernel.Images;
using LivePatch.Kernel.Symbols;
using LivePatch.Kernel.Tests.Kallsyms;

namespace LivePatch.Kernel.Tests.Images;

public sealed class KernelImageTests
{
    private static readonly byte[] Vmlinux =
        SyntheticKernel.Build(KallsymsBlob.Rodata(KallsymsBlob.Symbols(percpu: true), KallsymsLayout.OffsetsLast, absolutePercpu: true));

    [Theory]
    [InlineData("gzip", "-9n")]
    [InlineData("xz", "--check=crc32 --x86 --lzma2=dict=8MiB")]
    [InlineData("zstd", "-q")]
    [InlineData("lz4", "-l -9 -q")]
    [InlineData("bzip2", "-9")]
    [InlineData("lzma", "-9")]
    [InlineData("lzop", "-9")]
    public void every_packing_format_is_unpacked(string program, string arguments)
    {
        using var directory = new TemporaryDirectory();
        var packed = Pack(program, arguments, Vmlinux);
        var path = directory.Write("vmlinuz", SyntheticKernel.BzImage(program == "gzip" ? packed : SyntheticKernel.WithSize(packed, Vmlinux.Length)));

        using var image = KernelImage.Open(path);

        Assert.Equal(SyntheticKernel.Banner, image.Banner);
        Assert.Equal("9.8.7-test", image.BannerInfo.Release);
        Assert.True(image.Symbols.Contains("_stext"));
        Assert.Empty(image.Warnings);

        // The same payload in a file that is no bzImage is found by its magic.
        var other = directory.Write("other", [.. new byte[1234], .. packed]);
        using var scanned = KernelImage.Open(other);
        Assert.Equal(SyntheticKernel.Banner, scanned.Banner);
    }

    [Fact]
    public void the_system_s_lzop_is_asked_for_when_it_is_missing()
    {
        using var directory = new TemporaryDirectory();
        byte[] packed = [0x89, (byte)'L', (byte)'Z', (byte)'O', 0, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3, 4, 5, 6, 7, 8];
        var path = directory.Write("vmlinuz", SyntheticKernel.BzImage(SyntheticKernel.WithSize(packed, 100)));
        var diagnostics = new DiagnosticBag();

        Assert.Null(KernelImage.TryOpen(path, null, diagnostics));
        Assert.Equal(HasProgram("lzop") ? "LP0222" : "LP0223", Assert.Single(diagnostics).Id);
    }

    [Fact]
    public void an_unpacked_payload_and_a_plain_vmlinux_are_read_too()
    {
        using var directory = new TemporaryDirectory();
        using var payload = KernelImage.Open(directory.Write("vmlinuz", SyntheticKernel.BzImage(Vmlinux)));
        using var plain = KernelImage.Open(directory.Write("vmlinux", Vmlinux));

        Assert.Equal(SyntheticKernel.Banner, payload.Banner);
        Assert.Equal(SyntheticKernel.Banner, plain.Banner);
        Assert.Equal(payload.Symbols.Symbols, plain.Symbols.Symbols);
    }

    [Fact]
    public void a_cut_or_damaged_image_is_a_diagnostic()
    {
        using var directory = new TemporaryDirectory();
        var good = SyntheticKernel.BzImage(Gzip(Vmlinux));
        var random = new Random(20260102);
        for (var round = 0; round < 60; round++)
        {
            var bytes = (byte[])good.Clone();
            for (var flips = 0; flips < round % 5; flips++)
            {
                bytes[random.Next(0x1f0, bytes.Length)] ^= (byte)random.Next(1, 256);
            }

            var diagnostics = new DiagnosticBag();
            using var image = KernelImage.TryOpen(directory.Write("vmlinuz", round % 5 == 0 ? bytes[..random.Next(bytes.Length - 200)] : bytes), null, diagnostics);
            Assert.Equal(image is null, diagnostics.HasFatal);
            Assert.True(round % 5 != 0 || image is null);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(5000)]
    public void a_file_that_is_no_kernel_is_a_diagnostic(int size)
    {
        using var directory = new TemporaryDirectory();
        var diagnostics = new DiagnosticBag();

        Assert.Null(KernelImage.TryOpen(directory.Write("x", new byte[size]), null, diagnostics));
        Assert.Equal("LP0221", Assert.Single(diagnostics).Id);
    }

    [Fact]
    public void a_payload_of_another_size_than_it_says_is_refused()
    {
        using var directory = new TemporaryDirectory();
        var packed = Gzip(Vmlinux);
        packed[^4]++;
        var diagnostics = new DiagnosticBag();

        Assert.Null(KernelImage.TryOpen(directory.Write("vmlinuz", SyntheticKernel.BzImage(packed)), null, diagnostics));
        Assert.Equal("LP0222", Assert.Single(diagnostics).Id);
    }

    [Fact]
    public void an_elf_file_without_a_banner_is_a_diagnostic()
    {
        using var directory = new TemporaryDirectory();
        var diagnostics = new DiagnosticBag();

        Assert.Null(KernelImage.TryOpen(directory.Write("vmlinux", SyntheticKernel.Build(new byte[64])), null, diagnostics));
        Assert.Equal("LP0225", Assert.Single(diagnostics).Id);
        diagnostics = [];
        Assert.Null(KernelImage.TryOpen("/nowhere/vmlinuz", null, diagnostics));
        Assert.Equal("LP0001", Assert.Single(diagnostics).Id);
    }

    [Fact]
    public void an_unpacked_image_is_kept_and_damage_to_it_is_noticed()
    {
        using var directory = new TemporaryDirectory();
        var cache = Path.Combine(directory.Path, "cache");
        var path = directory.Write("vmlinuz", SyntheticKernel.BzImage(Gzip(Vmlinux)));
        KernelImage.Open(path, cache).Dispose();
        var kept = Assert.Single(Directory.GetFiles(cache), static file => !file.EndsWith(".stamp", StringComparison.Ordinal));
        Assert.Equal(Vmlinux, File.ReadAllBytes(kept));

        // Proof that the kept file is used: with the packed one made unreadable as an image but unchanged in size and
        // time, opening still works.
        var time = File.GetLastWriteTimeUtc(path);
        var original = File.ReadAllBytes(path);
        File.WriteAllBytes(path, new byte[original.Length]);
        File.SetLastWriteTimeUtc(path, time);
        using (var image = KernelImage.Open(path, cache))
        {
            Assert.Equal(SyntheticKernel.Banner, image.Banner);
        }

        // Damage anywhere in what matters, a cut, or a missing stamp: the packed file is asked again, which now fails.
        foreach (var damage in new Action<byte[]>[] { static b => b[200]++, static b => b[^300]++, static b => b[18]++ })
        {
            var bytes = (byte[])Vmlinux.Clone();
            damage(bytes);
            File.WriteAllBytes(kept, bytes);
            Assert.Throws<DiagnosticException>(() => KernelImage.Open(path, cache));
        }

        File.WriteAllBytes(kept, Vmlinux[..^1]);
        Assert.Throws<DiagnosticException>(() => KernelImage.Open(path, cache));
        File.WriteAllBytes(kept, Vmlinux);
        KernelImage.Open(path, cache).Dispose();
        File.Delete(kept + ".stamp");
        Assert.Throws<DiagnosticException>(() => KernelImage.Open(path, cache));

        // And it is made anew from a good packed file.
        File.WriteAllBytes(path, original);
        File.SetLastWriteTimeUtc(path, time);
        File.WriteAllBytes(kept, [1, 2, 3]);
        KernelImage.Open(path, cache).Dispose();
        Assert.Equal(Vmlinux, File.ReadAllBytes(kept));
    }

    [Fact]
    public void a_changed_image_is_not_taken_from_the_cache()
    {
        using var directory = new TemporaryDirectory();
        var cache = Path.Combine(directory.Path, "cache");
        var path = directory.Write("vmlinuz", SyntheticKernel.BzImage(Gzip(Vmlinux)));
        KernelImage.Open(path, cache).Dispose();
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(1));
        File.WriteAllBytes(path, new byte[100]);

        Assert.Throws<DiagnosticException>(() => KernelImage.Open(path, cache));
    }

    [Fact]
    public void of_a_changed_image_only_the_last_state_is_kept()
    {
        using var directory = new TemporaryDirectory();
        var cache = Path.Combine(directory.Path, "cache");
        var other = directory.Write("other", SyntheticKernel.BzImage(Gzip(Vmlinux)));
        var path = directory.Write("vmlinuz", SyntheticKernel.BzImage(Gzip(Vmlinux)));
        KernelImage.Open(other, cache).Dispose();
        KernelImage.Open(path, cache).Dispose();
        Assert.Equal(4, Directory.GetFiles(cache).Length);

        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path).AddSeconds(1));
        KernelImage.Open(path, cache).Dispose();

        Assert.Equal(4, Directory.GetFiles(cache).Length);
    }

    [Fact]
    public void a_cache_that_cannot_be_written_is_a_warning()
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Write("vmlinuz", SyntheticKernel.BzImage(Gzip(Vmlinux)));
        var blocked = directory.Write("blocked", "a file, not a directory");

        using var image = KernelImage.Open(path, blocked);

        Assert.Equal("LP0228", Assert.Single(image.Warnings).Id);
        Assert.Equal(SyntheticKernel.Banner, image.Banner);
    }

    [Fact]
    public void symbols_load_from_any_kind_of_file()
    {
        using var directory = new TemporaryDirectory();
        var diagnostics = new DiagnosticBag();
        var files = new[]
        {
            directory.Write("vmlinuz", SyntheticKernel.BzImage(Gzip(Vmlinux))),
            directory.Write("vmlinux", Vmlinux),
            directory.Write("vmlinux.gz", Gzip(Vmlinux)),
            directory.Write("System.map", "ffffffff81000000 T _stext\n"),
        };

        foreach (var file in files)
        {
            Assert.True(KernelSymbolFile.TryLoad(file, diagnostics)?.Contains("_stext"), file);
        }

        Assert.Empty(diagnostics);
        Assert.Null(KernelSymbolFile.TryLoad(directory.Path + "/none", diagnostics));
        Assert.Equal("LP0001", Assert.Single(diagnostics).Id);
    }

    [Fact]
    public void a_packed_module_loads_like_a_plain_one()
    {
        var module = TestMachine.Module("drivers/net/dummy.ko");
        using var directory = new TemporaryDirectory();
        var plain = KernelSymbolFile.TryLoad(module, []);
        Assert.Equal(SymbolPositionStatus.NotResident, plain!.PositionOf("init_module", plain.Find("init_module")[0].Address).Status);

        foreach (var (program, arguments) in new[] { ("xz", "--check=crc32 --lzma2=dict=1MiB"), ("zstd", "-q"), ("gzip", "-n") })
        {
            var packed = KernelSymbolFile.TryLoad(directory.Write("dummy.ko." + program, Pack(program, arguments, File.ReadAllBytes(module))), []);
            Assert.Equal(plain.Symbols, packed!.Symbols);
        }
    }

    [Fact]
    public void the_installed_kernel_says_its_version_and_structure_sizes()
    {
        var release = TestMachine.Release();
        using var image = KernelImage.Open("/boot/vmlinuz-" + release);

        Assert.Equal(release, image.BannerInfo.Release);
        Assert.StartsWith("#1 ", image.BannerInfo.VersionText, StringComparison.Ordinal);
        var sizes = LivePatch.Kernel.Architecture.SpecialEntrySizes.FromBtf(image.Btf, image.Architecture);
        Assert.True(sizes.GetValueOrDefault("alt_instr") is 12 or 14);
        Assert.Equal(16, sizes["jump_entry"]);
        Assert.Null(image.Btf!.SizeOfStruct("no_such_struct"));
    }

    [Fact]
    public void a_function_of_the_installed_kernel_is_traceable_and_notrace_code_is_not()
    {
        using var image = KernelImage.Open("/boot/vmlinuz-" + TestMachine.Release());
        var meminfo = Assert.Single(image.Symbols.Find("meminfo_proc_show"));

        Assert.True(image.FtraceSites.IsTraceable(meminfo.Address));
        Assert.False(image.FtraceSites.IsTraceable(meminfo.Address + 1));
        Assert.False(image.FtraceSites.IsTraceable(Assert.Single(image.Symbols.Find("__fentry__")).Address));
        Assert.True(image.FtraceSites.Addresses.Count > 20_000);
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }

    private static bool HasProgram(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Any(directory => File.Exists(Path.Combine(directory, name)));

    private static byte[] Pack(string program, string arguments, byte[] bytes)
    {
        if (!HasProgram(program))
        {
            Assert.Skip($"{program} is not installed");
        }

        var start = new ProcessStartInfo(program, arguments + " -c") { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var feeding = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(bytes);
            process.StandardInput.Close();
        });
        using var packed = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(packed);
        feeding.Wait();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return packed.ToArray();
    }
}
