@echo off
rem Names with & ^ % ! ( ) reach the program in the whole command line, which is handed on unread.
setlocal EnableExtensions EnableDelayedExpansion
if not defined XLTOOL_LINE set "XLTOOL_LINE=!cmdcmdline!"
setlocal DisableDelayedExpansion
set "XLTOOL_DOOR=%~f0"
title xltool
{here}
"%XLTOOL_HERE%python\python.exe" -m xltool.desktop {action} -- %*
set XLTOOL_CODE=%ERRORLEVEL%
popd
if "%XLTOOL_CODE%"=="0" goto end
if "%XLTOOL_CODE%"=="1" goto end
if "%XLTOOL_CODE%"=="2" goto end
chcp 936 >nul 2>nul
echo 程序中途停了，代码 %XLTOOL_CODE%。可能是杀毒软件或单位的策略不让运行；在 U 盘、共享文件夹里的，复制到本机再试。
:end
echo.
pause
exit %XLTOOL_CODE%
