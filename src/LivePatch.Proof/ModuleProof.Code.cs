using System.Buffers.Binary;
using System.Globalization;
using LivePatch.Core.Diagnostics;
using LivePatch.Elf;
using LivePatch.Elf.Native;
using LivePatch.Kernel.Architecture;
using LivePatch.Kernel.Special;

namespace LivePatch.Proof;

/// <summary>
/// Code, instruction by instruction.
///
/// The bytes of both must be equal but for the fields that hold addresses, which are compared by meaning. A field is one that a
/// relocation of either file writes, or a distance that an assembler filled in: where the object has no relocation, its distance leads to
/// a place of its own section. Distances count from the end of the instruction, whatever the addend says. Before the comparison the
/// object's bytes are brought into the form the kernel gets: a tracer's call that was made a no-op is a call again, and a jump that
/// stands for a no-op of a static branch is one.
/// </summary>
public sealed partial class ModuleProof
{
    private readonly record struct Field(int Offset, int Width, Address Meaning, uint? Relocation, bool IsBranch);

    /// <summary>Queues a pair of code; a pair known already must be the same.</summary>
    /// <returns>False when the object's code has another copy in the module.</returns>
    private bool PairCode(Part part, ElfSection section, ulong start, ulong? end, ElfSection there, long place, string name, bool isWhole)
    {
        if (_code.TryGetValue((part, section, start), out var known))
        {
            return known == (there, place);
        }

        _code.Add((part, section, start), (there, place));
        _pending.Enqueue(() => ProveCode(part, section, start, end, there, place, name, isWhole));
        return true;
    }

    private void ProveCode(Part part, ElfSection section, ulong start, ulong? end, ElfSection there, long place, string name, bool isWhole)
    {
        if (!there.IsCode || !there.IsAllocated || (there.Flags & ElfConstants.ShfWrite) != 0)
        {
            Refuse(ProofDiagnostics.WrongSection, part, name, 0,
                $"Its code lies in {there.Name} of the module, whose flags do not make it code that is loaded.");
            return;
        }

        var length = (long)((end ?? section.Size) - start);
        var available = Math.Min(length, (long)there.Size - place);
        if (place < 0 || (isWhole && available < length) || available <= 0)
        {
            Refuse(ProofDiagnostics.OtherInstruction, part, name, 0,
                $"The patched object has {length} bytes of it, and {there.Name} of the module ends before that.");
            return;
        }

        var expected = Expected(part, section, start, LoadedFile.Bytes(section, (long)start, length).ToArray(), out var restored);
        var ends = end is null ? Straight(expected) : _architecture.Instructions.Ends(expected);
        if (ends.Length == 0 || (end is not null && ends[^1] != (ulong)length))
        {
            Refuse(ProofDiagnostics.CannotFollow, part, name, ends.Length == 0 ? 0 : (long)ends[^1],
                "There is no instruction that is known.");
            return;
        }

        length = (long)ends[^1];
        if (length > available)
        {
            Refuse(ProofDiagnostics.OtherInstruction, part, name, available, $"{there.Name} of the module ends before the code does.");
            return;
        }

        _functions += isWhole ? 1 : 0;
        _provedCode.Add((there, place, place + length));
        Claim(there, place, place + length);
        var calls = new List<CodeCall>();
        var shared = new SharedEnds();
        if (!ProveInstructions(part, section, start, expected, ends, there, place, name, restored, calls, shared))
        {
            return;
        }

        foreach (var (use, objectSays, moduleDoes) in shared.Wrong())
        {
            Refuse(ProofDiagnostics.OtherAddress, part, use, objectSays, moduleDoes);
        }

        if (isWhole)
        {
            ProveAround(part, section, start, start + (ulong)length, expected, ends, there, place, name);
        }

        ProveRows(part, section, start, start + (ulong)length, ends, there, place, name, isWhole, calls);
    }

    /// <summary>The object's code as the kernel is to get it.</summary>
    /// <param name="part">The object.</param>
    /// <param name="section">Its section.</param>
    /// <param name="start">Where the code begins.</param>
    /// <param name="code">Its bytes, which are changed.</param>
    /// <param name="restored">Where a tracer's call was made a call again, and what its relocation is then.</param>
    private byte[] Expected(Part part, ElfSection section, ulong start, byte[] code, out (ulong Site, uint Type, ulong Field)? restored)
    {
        restored = null;
        var relocations = part.Patched.RelocationsOf(section);
        foreach (var relocation in relocations.InRange(start, start + Math.Min((ulong)code.Length, 16)))
        {
            if (_architecture.Relocations.IsNothing(relocation.Type) && _target.Catalog.IsTracer(relocation.Symbol.Name))
            {
                foreach (var site in new[] { relocation.Offset - start, relocation.Offset - start - 1 })
                {
                    if (site < (ulong)code.Length && _architecture.Entry.RestoreCall(code, site) is { } call)
                    {
                        restored = (site, call.Type, call.FieldOffset);
                        break;
                    }
                }
            }
        }

        foreach (var special in part.Rows.Tables.Where(static table => table.Rule == SpecialSectionRule.JumpLabel))
        {
            foreach (var row in part.Rows.In(special.Name, section, start, start + (ulong)code.Length))
            {
                if (part.Patched.RelocationsOf(row.Section).At(row.Start + (ulong)special.KeyOffset) is { } key)
                {
                    _ = _architecture.Branches.TurnOffBranch(code.AsSpan((int)(row.Owner - start)), key.Addend);
                }
            }
        }

        return code;
    }

    /// <summary>Code without a symbol ends where nothing runs on.</summary>
    private ulong[] Straight(byte[] code)
    {
        var known = 64;
        while (true)
        {
            var ends = _architecture.Instructions.Ends(code.AsSpan(0, Math.Min(known, code.Length)));
            ulong at = 0;
            for (var index = 0; index < ends.Length; index++)
            {
                var instruction = code.AsSpan((int)at, (int)(ends[index] - at));
                at = ends[index];
                if (!_architecture.Instructions.RunsOn(instruction) && !_architecture.Branches.IsCallField(instruction, 1))
                {
                    return ends[..(index + 1)];
                }
            }

            if (known >= code.Length)
            {
                return ends.Length > 0 && ends[^1] == (ulong)code.Length ? ends : [];
            }

            known *= 4;
        }
    }

    private bool ProveInstructions(
        Part part, ElfSection section, ulong start, byte[] expected, ulong[] ends, ElfSection there, long place, string name,
        (ulong Site, uint Type, ulong Field)? restored, List<CodeCall> calls, SharedEnds shared)
    {
        var bytes = LoadedFile.Bytes(there, place, (long)ends[^1]);
        var mine = part.Patched.RelocationsOf(section);
        var theirs = _module.RelocationsOf(there);
        var length = (long)ends[^1];
        ulong at = 0;
        foreach (var end in ends)
        {
            var instruction = expected.AsSpan((int)at, (int)(end - at));
            var copy = bytes[(int)at..(int)end];
            var fields = Fields(part.Patched, section, start + at, instruction, mine);
            if (restored is { } call && call.Site == at && Tracer(part) is { } tracer)
            {
                fields = [new Field((int)call.Field, sizeof(int), new Address(null, tracer, 0), call.Type, true)];
            }

            var found = Fields(_module, there, (ulong)place + at, copy, theirs);
            if (DifferentBytes(instruction, copy, fields, found) is { } difference)
            {
                Refuse(
                    ProofDiagnostics.OtherInstruction, part, name, (long)at + difference,
                    $"The patched object has {Text(expected, at)}; the module has {Text(bytes, at)}.");
                return false;
            }

            foreach (var field in fields)
            {
                var other = found.FirstOrDefault(item => item.Offset == field.Offset && item.Width == field.Width);
                var use = new Use(name, (long)at + field.Offset, field.IsBranch)
                {
                    IsBound = !field.IsBranch && _architecture.Instructions.UseOf(instruction, field.Offset) == AddressUse.Bound,
                    Ends = shared,
                };
                if (other.Width == 0)
                {
                    // A field of the object alone: the module's bytes are what they are.
                    other = field with { Meaning = Address.Number(Signed(copy.Slice(field.Offset, field.Width))), Relocation = null };
                }

                if (field.Relocation is { } left && other.Relocation is { } right && !_architecture.Relocations.AreEquivalent(left, right))
                {
                    Refuse(
                        ProofDiagnostics.OtherAddress, part, name, use.Offset,
                        $"The patched object writes the address as {_architecture.Relocations.Find(left)?.Name}, the module as {_architecture.Relocations.Find(right)?.Name ?? right.ToString(CultureInfo.InvariantCulture)}.");
                    return false;
                }

                _references++;
                if (field.IsBranch && field.Meaning.IsOutside)
                {
                    calls.Add(new CodeCall(at, field.Meaning.Symbol!.Name, other.Meaning, _architecture.Branches.IsCallField(instruction, (ulong)field.Offset)));
                }

                // Inside its own function a branch leads to the same instruction.
                if (field.Meaning.Section == section && field.Meaning.Offset >= (long)start && field.Meaning.Offset < (long)start + length
                    && other.Meaning.Section == there
                    && other.Meaning.Offset - place == field.Meaning.Offset - (long)start)
                {
                    continue;
                }

                Match(part, field.Meaning, other.Meaning, use);
            }

            foreach (var extra in found.Where(item => !fields.Exists(field => field.Offset == item.Offset)))
            {
                Refuse(
                    ProofDiagnostics.OtherAddress, part, name, (long)at + extra.Offset,
                    $"The patched object has no address there; the module would have that of {Describe(_module, extra.Meaning)}.");
                return false;
            }

            at = end;
        }

        return true;
    }

    private ElfSymbol? Tracer(Part part) => part.Patched.Elf.Symbols.FirstOrDefault(symbol => _target.Catalog.IsTracer(symbol.Name));

    /// <summary>The addresses of one instruction.</summary>
    private List<Field> Fields(LoadedFile file, ElfSection section, ulong at, ReadOnlySpan<byte> instruction,
        ElfRelocationLookup relocations)
    {
        var result = new List<Field>(1);
        var distance = _architecture.Branches.Field(instruction);
        foreach (var relocation in relocations.InRange(at, at + (ulong)instruction.Length))
        {
            if (_architecture.Relocations.Find(relocation.Type) is { Width: > 0 } info)
            {
                var offset = (int)(relocation.Offset - at);
                var isBranch = distance is { IsBranch: true } branch && branch.Offset == offset;
                result.Add(new Field(offset, info.Width, file.Resolve(relocation, instruction.Length - offset), relocation.Type, isBranch));
            }
        }

        if (distance is { } field && !result.Exists(item => item.Offset == field.Offset))
        {
            result.Add(new Field(
                field.Offset, field.Width, new Address(section, null, (long)at + field.Target), null,
                    field.IsBranch));
        }

        return result;
    }

    private static int? DifferentBytes(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, List<Field> mine, List<Field> theirs)
    {
        for (var index = 0; index < left.Length; index++)
        {
            if (left[index] != right[index] && !Covers(mine, index) && !Covers(theirs, index))
            {
                return index;
            }
        }

        return null;
    }

    private static bool Covers(List<Field> fields, int index)
    {
        foreach (var field in fields)
        {
            if (index >= field.Offset && index < field.Offset + field.Width)
            {
                return true;
            }
        }

        return false;
    }

    private static long Signed(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        1 => (sbyte)bytes[0],
        2 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        4 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
    };

    private string Text(ReadOnlySpan<byte> code, ulong at) =>
        _architecture.Instructions.Decoder.TryDecode(code, (int)at, out var instruction) ? $"'{instruction}'" : $"the byte 0x{code[(int)at]:x2}";

    /// <summary>What lies in front of a function and behind it and belongs to it: the room in front of the entry, and what code that runs
    /// on meets.</summary>
    private void ProveAround(
        Part part, ElfSection section, ulong start, ulong end, byte[] expected, ulong[] ends, ElfSection there, long place, string name)
    {
        // Of a section of its own all that lies in front of the entry is the function's: the kernel writes there.
        if (start > 0 && !part.Patched.Symbols.In(section).Any(symbol => symbol.Value < start && !_architecture.Entry.IsPrefixSymbol(symbol.Name)))
        {
            var front = LoadedFile.Bytes(section, 0, (long)start);
            if (!front.SequenceEqual(LoadedFile.Bytes(there, place - (long)start, (long)start)))
            {
                Refuse(ProofDiagnostics.OtherInstruction, part, name, 0,
                    $"The {start} bytes in front of its entry are not the patched object's.");
            }
        }

        var last = ends.Length > 1 ? ends[^2] : 0;
        if (end >= section.Size || !_architecture.Instructions.RunsOn(expected.AsSpan((int)last, (int)(ends[^1] - last))))
        {
            return;
        }

        // Where the function behind it begins, no-ops passed over.
        var next = part.Patched.NextSymbol(section, end - 1);
        if (next < section.Size && _architecture.Instructions.IsFiller(LoadedFile.Bytes(section, (long)end, (long)(next - end)), true))
        {
            _references++;
            Match(part, new Address(section, null, (long)next), new Address(there, null, place + (long)(end - start)),
                new Use(name, (long)(end - start), true));
        }
    }
}
