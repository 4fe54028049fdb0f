using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Architecture.X64;

namespace LivePatch.Kernel.Tests.Architecture;

public sealed class X64ArchitectureTests
{
    private static readonly byte[] Code =
    [
        0xf3, 0x0f, 0x1e, 0xfa, // endbr64
        0xe8, 0x00, 0x00, 0x00, 0x00, // call
        0x48, 0x8b, 0x05, 0x01, 0x00, 0x00, 0x00, // mov rax, [rip + 1]
        0xc3,
    ];

    [Fact]
    public void instructions_come_with_offset_length_and_text()
    {
        var instructions = Architectures.X64.Instructions.Decoder.Disassemble(Code, 0x1000);

        Assert.Equal([(0, 4), (4, 5), (9, 7), (16, 1)], instructions.Select(static i => (i.Offset, i.Length)));
        Assert.Equal(
            ["endbr64", "call 0x1009", "mov rax, qword ptr [rip + 1]", "ret"],
            instructions.Select(static i => i.ToString()));
    }

    [Fact]
    public void unknown_bytes_come_as_single_invalid_bytes_and_lengths_add_up()
    {
        byte[] code = [0x06, 0x90, 0x48]; // push es does not exist in 64-bit mode; a lone REX prefix is cut off.

        var instructions = Architectures.X64.Instructions.Decoder.Disassemble(code);

        Assert.Equal([false, true, false], instructions.Select(static i => i.IsValid));
        Assert.Equal(code.Length, instructions.Sum(static i => i.Length));
    }

    [Fact]
    public void a_single_instruction_is_decoded_at_its_offset()
    {
        var decoder = Architectures.X64.Instructions.Decoder;

        Assert.True(decoder.TryDecode(Code, 9, out var instruction));
        Assert.Equal((9, 7, "mov"), (instruction.Offset, instruction.Length, instruction.Mnemonic));
        Assert.True(decoder.TryGetLength(Code, 4, out var length));
        Assert.Equal(5, length);
        Assert.False(decoder.TryGetLength(Code, Code.Length, out _));
        Assert.False(decoder.TryGetLength(Code, -1, out _));
        Assert.False(decoder.TryDecode(Code.AsSpan(0, 12), 9, out _));
    }

    [Fact]
    public void lengths_are_the_disassemblers()
    {
        // Bytes as they come, behind every opcode of both maps and the prefixes compilers use.
        var random = new Random(6143);
        byte[][] prefixes = [[], [0x48], [0x66], [0x41], [0xf0], [0xf3], [0x65], [0x65, 0x48], [0x66, 0x4c], [0xf2, 0x49]];
        var code = new byte[20];
        var compared = 0;
        var different = new List<string>();
        for (var round = 0; round < 60; round++)
        {
            for (var opcode = 0; opcode < 512; opcode++)
            {
                foreach (var prefix in prefixes)
                {
                    random.NextBytes(code);
                    prefix.CopyTo(code, 0);
                    var at = prefix.Length;
                    if (opcode > 255)
                    {
                        code[at++] = 0x0f;
                    }

                    code[at] = (byte)opcode;

                    // ud1, which the disassembler knows without its operands.
                    if (code.AsSpan(0, 6).IndexOf((ReadOnlySpan<byte>)[0x0f, 0xb9]) >= 0)
                    {
                        continue;
                    }

                    if (X64InstructionLength.Of(code) is var own and > 0
                        && Architectures.X64.Instructions.Decoder.TryGetLength(code, 0, out var length))
                    {
                        compared++;
                        if (own != length)
                        {
                            different.Add($"{Convert.ToHexString(code)}: {own} and not {length}");
                        }
                    }
                }
            }
        }

        Assert.Empty(different);
        Assert.True(compared > 50_000, $"only {compared} were compared");
    }

    /// <summary>What kernels of 6.1 and 6.12 have and an older disassembler may not know, with the text of binutils 2.40.</summary>
    [Theory]
    [InlineData("c4e27849c0", "tilerelease")]
    [InlineData("c4e278490408", "ldtilecfg [rax+rcx*1]")]
    [InlineData("f30f38f80f", "enqcmds rcx,[rdi]")]
    [InlineData("67f30f38f80f", "enqcmds ecx,[edi]")]
    [InlineData("f20f38f807", "enqcmd rax,[rdi]")]
    [InlineData("660f38f807", "movdir64b rax,[rdi]")]
    [InlineData("0f01c6", "wrmsrns")]
    [InlineData("0f01e8", "serialize")]
    [InlineData("0f01ee", "rdpkru")]
    [InlineData("f30f01ec", "uiret")]
    [InlineData("660faef1", "tpause ecx")]
    [InlineData("f30faef1", "umonitor rcx")]
    [InlineData("f3480fc7f8", "rdpid rax")]
    [InlineData("f30fc737", "vmxon [rdi]")]
    [InlineData("0f01c1", "vmcall")]
    [InlineData("f2410f01d9", "a register form of group 7 that nothing has yet")]
    [InlineData("c5f877", "vzeroupper")]
    [InlineData("c4e37d39c101", "vextracti128 xmm1,ymm0,1")]
    [InlineData("c5f9700a1b", "vpshufd xmm1,[rdx],0x1b")]
    [InlineData("62f17d486f0508000000", "vmovdqa32 zmm0,[rip+8]")]
    [InlineData("62f3fd48250a96", "vpternlogq zmm1,zmm0,[rdx],0x96")]
    [InlineData("62f27548cf4c2401", "vgf2p8mulb zmm1,zmm1,[rsp+0x40]")]
    [InlineData("c4e27950c1", "vpdpbusd xmm0,xmm0,xmm1")]
    [InlineData("0f3accc103", "sha1rnds4 xmm0,xmm1,3")]
    [InlineData("660f3acfc107", "gf2p8affineinvqb xmm0,xmm1,7")]
    public void instructions_newer_than_the_disassembler_have_a_length(string hexadecimal, string text)
    {
        var code = Convert.FromHexString(hexadecimal);
        byte[] twice = [.. code, .. code];
        Assert.True(
            Architectures.X64.Instructions.Ends(twice) is [var first, var second] && first == (ulong)code.Length && second == first * 2,
            text);
        Assert.True(X64InstructionLength.ByEncoding(code) == code.Length, text);
    }

    /// <summary>The end of a static call's trampoline, and the sanitizers' trap with what failed in its displacement; lengths of binutils
    /// 2.40.</summary>
    [Theory]
    [InlineData("0fb9cc")]
    [InlineData("0fb94007")]
    [InlineData("670fb94007")]
    [InlineData("670fb9800c010000")]
    [InlineData("670fb9442403")]
    public void the_undefined_instruction_with_operands_has_their_length(string hexadecimal)
    {
        var code = Convert.FromHexString(hexadecimal);
        byte[] twice = [.. code, .. code];
        Assert.True(
            Architectures.X64.Instructions.Ends(twice) is [var first, var second] && first == (ulong)code.Length && second == first * 2);
    }

    [Fact]
    public void lengths_by_encoding_are_the_disassemblers()
    {
        var random = new Random(612);
        byte[][] heads = [
            [0xc5], [0xc4], [0x62], [0x0f, 0x38], [0x0f, 0x3a], [0x66, 0x0f, 0x38], [0xf2, 0x0f, 0x38], [0x0f, 0x01], [0x0f, 0xae],
            [0x0f, 0xc7]];
        var code = new byte[20];
        var different = new List<string>();
        var compared = 0;
        for (var round = 0; round < 200_000; round++)
        {
            random.NextBytes(code);
            heads[round % heads.Length].CopyTo(code, 0);
            if (X64InstructionLength.ByEncoding(code) is var own and > 0
                && Architectures.X64.Instructions.Decoder.TryGetLength(code, 0, out var length))
            {
                compared++;
                if (own != length)
                {
                    different.Add($"{Convert.ToHexString(code)}: {own} and not {length}");
                }
            }
        }

        Assert.Empty(different.Take(20));
        Assert.True(compared > 20_000, $"only {compared} were compared");
    }

    [Fact]
    public void direct_branches_to_an_address_are_found()
    {
        // At 0x1000: call 0x1000; jmp 0x1100; jne 0x1000; then a number that only looks like a distance.
        byte[] code = [
            0xe8, 0xfb, 0xff, 0xff, 0xff, 0xe9, 0xf6, 0, 0, 0, 0x0f, 0x85, 0xf0, 0xff, 0xff, 0xff, 0x48, 0xc7, 0xc0, 0xe9, 0xff, 0xff,
            0xff];
        Assert.Equal(
            [(0x1000ul, 0x1000ul), (0x100bul, 0x1000ul)], Architectures.X64.Branches.Find(code, 0x1000, new HashSet<ulong> { 0x1000 }));
        Assert.Equal([(0x1005ul, 0x1100ul)], Architectures.X64.Branches.Find(code, 0x1000, new HashSet<ulong> { 0x1100 }));
    }

    [Fact]
    public void what_is_cut_off_has_no_length()
    {
        byte[] mov = [0x48, 0x8b, 0x84, 0x24, 0x10, 0x00, 0x00, 0x00]; // mov rax, [rsp + 16]
        for (var length = 0; length < mov.Length; length++)
        {
            Assert.Equal(0, X64InstructionLength.Of(mov.AsSpan(0, length)));
        }

        Assert.Equal(mov.Length, X64InstructionLength.Of(mov));
    }

    [Fact]
    public void threads_decode_at_the_same_time()
    {
        var texts = new string[200];
        Parallel.For(0, texts.Length, index =>
            texts[index] =
                string.Join(
                    ";",
                    Architectures.X64.Instructions.Decoder.Disassemble(Code, (ulong)(index + 1) * 0x100).Select(static i => i.ToString())));

        for (var index = 0; index < texts.Length; index++)
        {
            Assert.Equal($"endbr64;call 0x{((index + 1) * 0x100) + 9:x};mov rax, qword ptr [rip + 1];ret", texts[index]);
        }
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(1, 8, false)]
    [InlineData(2, 4, true)]
    [InlineData(4, 4, true)]
    [InlineData(10, 4, false)]
    [InlineData(11, 4, false)]
    [InlineData(24, 8, true)]
    public void the_module_loaders_relocation_types_have_a_width(int type, int width, bool pcRelative)
    {
        var info = Architectures.X64.Relocations.Find((uint)type);

        Assert.True(Architectures.X64.Relocations.IsLoadable((uint)type));
        Assert.NotNull(info);
        Assert.Equal((width, pcRelative), (info.Width, info.IsPcRelative));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(14)]
    [InlineData(42)]
    [InlineData(999)]
    public void other_relocation_types_are_not_for_modules(int type) =>
        Assert.False(Architectures.X64.Relocations.IsLoadable((uint)type));

    [Fact]
    public void the_ftrace_site_lies_behind_endbr()
    {
        Assert.Equal(4, Architectures.X64.Entry.SiteOffset(Code));
        Assert.Equal(0, Architectures.X64.Entry.SiteOffset(Code.AsSpan(4)));
        Assert.Equal(0, Architectures.X64.Entry.SiteOffset([]));
    }

    [Fact]
    public void architectures_are_found_by_machine_number()
    {
        Assert.True(Architectures.TryGet(62, out var x64));
        Assert.Equal("x86_64", x64.Name);
        Assert.Equal("x86", x64.KbuildName);
        Assert.False(Architectures.TryGet(183, out _));
    }
}
